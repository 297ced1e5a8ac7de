// The entry: GOV.UK Frontend's components, then ours. Every page works without this file.
import { createAll, Button, Checkboxes, ErrorSummary, NotificationBanner, Radios, ServiceNavigation, SkipLink } from "govuk-frontend";
import { followCheckIn } from "./check_in.js";
import { watchCopyButtons } from "./copy.js";
import { keepDrafts } from "./drafts.js";
import { followProgress } from "./progress.js";
import { moveByHand } from "./year_grid.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");

for (const component of [Checkboxes, NotificationBanner, Radios, ServiceNavigation, SkipLink]) createAll(component);
createAll(Button, { preventDoubleClick: true });
createAll(ErrorSummary);

followCheckIn();
watchCopyButtons();
keepDrafts();
followProgress();
moveByHand();
