// Before anybody is known here, and after a sign-in has ended.
import { h, link, para } from "../dom.js";
import { endedWords } from "../words.js";

const screen = (title, ...inner) => ({
  title, node: h("div", {}, h("h1", { class: "govuk-heading-l", tabindex: "-1" }, title), inner), update() {}, leave() {},
});

const signIn = () => h("p", {}, h("a", { class: "govuk-button", href: "/sign-in?back=/my/notes" }, "Sign in"));

export const endedScreen = (count) => screen("Sign in to go on", para(endedWords(count)), signIn());

export const strangerScreen = (count) => screen("Sign in once with a network",
  para(count ? "What was written here is safe on this device, and opens when its writer signs in again." : "To write without a network, sign in here once while there is one."),
  signIn(), h("p", { class: "govuk-body" }, link("What Halfterm is", "/")));

export const barredScreen = () => screen("There is nothing to write here", para("Your part in the hub keeps no records of meetings, visits and observations."),
  h("p", { class: "govuk-body" }, link("Go to all of Halfterm", "/")));

export const troubleScreen = () => screen("The notebook cannot be opened here",
  para("This browser does not let Halfterm keep anything on this device, so nothing could be written safely. Leave the private window, or allow this website to store data, and open the notebook again."));
