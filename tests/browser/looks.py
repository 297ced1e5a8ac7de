"""What is looked at on a page: what axe-core finds, what the Tab key reaches, what is wider than the screen."""

import asyncio

from playwright.sync_api import Page

REACHABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
MARK = "selector => document.querySelectorAll(selector).forEach((one, n) => { one.dataset.reach = n; })"
WATCH = """() => { window.reached = new Set();
    document.addEventListener('focusin', event => window.reached.add(event.target.dataset.reach ?? '')); }"""
AT_ONCE = 16  # presses of the Tab key before the page is asked what they came to
VISIBLE = """all => all.filter(one => one.checkVisibility({visibilityProperty: true}) && !one.disabled)
    .filter(one => one.type !== 'radio' || one.checked).map(one => one.dataset.reach)"""
MARK_NEW = """seen => {
    const known = new Set(seen), chains = new Map([[document.documentElement, '']]), found = [];
    const says = one => one.tagName + [...one.attributes]
        .filter(each => /^(class|type|role|open|disabled|checked|hidden|aria-|data-)/.test(each.name))
        .map(each => `[${each.name}=${/^(data-|aria-(label|describedby|controls))/.test(each.name) ? '' : each.value}]`)
        .sort().join('');
    for (const one of document.body.querySelectorAll('*')) {
        const above = chains.get(one.parentElement) ?? '';
        let hash = 0;
        for (const letter of `${above}>${says(one)}`) hash = (hash * 31 + letter.codePointAt(0)) % 281474976710597;
        chains.set(one, hash.toString(36));
        if (!known.has(chains.get(one))) {
            known.add(chains.get(one));
            found.push(chains.get(one));
            one.dataset.new = '';
        }
    }
    return found;
}"""
MANY = 150  # a longer list repeats the same kind of link


def broken(page: Page, axe: str, only: str = "", where: str = "document") -> list[str]:
    """What axe-core finds, in a line each; it need not list what is well, which takes it longer than finding out."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe)
    found = page.evaluate(f"axe.run({where}, {{resultTypes: ['violations'], {only}}})")["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found]


def not_seen_yet(page: Page, seen: set[str]) -> bool:
    """Mark what is drawn as nothing on an earlier page was; whether there is any. `seen` learns of it.

    Styles come from files alone (the policy sees to it), so what stands in the same elements with the same classes and
    states has the same colours.
    """
    new: list[str] = page.evaluate(MARK_NEW, sorted(seen))
    seen.update(new)
    return bool(new)


def broken_colours(page: Page, axe: str) -> list[str]:
    """What axe-core finds of the colours of what is marked as new."""
    return broken(page, axe, "runOnly: ['color-contrast', 'link-in-text-block']", "{include: [['[data-new]']]}")


def too_wide(page: Page, width: int) -> list[str]:
    page.set_viewport_size({"width": width, "height": 800})
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [f"{wide} wide on a screen of {width}"] if wide > width else []


def not_reached(page: Page) -> str:
    """What the Tab key does not come to; empty when it comes to everything."""
    page.evaluate(MARK, REACHABLE)
    wanted = set(page.eval_on_selector_all("[data-reach]", VISIBLE))
    if len(wanted) > MANY:
        return ""
    page.evaluate(WATCH)
    several = page.locator("input[type=date], input[type=time]").count()  # day, month, year and the picker in turn
    most = len(wanted) + 10 + 4 * several
    for pressed in range(0, most, AT_ONCE):
        tab(page, min(AT_ONCE, most - pressed))
        wanted -= set(page.evaluate("[...window.reached]"))
        if not wanted:
            return ""
    html = page.eval_on_selector(f"[data-reach='{min(wanted)}']", "one => one.outerHTML")
    return f"{len(wanted)} not reached, such as {html[:160]}"


def tab(page: Page, times: int) -> None:
    """Hold the Tab key down for so many steps: one answer is not waited for before the next is sent."""

    async def held() -> None:
        await asyncio.gather(*(page.keyboard._impl_obj.down("Tab") for _ in range(times)))

    page._sync(held())
    page.keyboard.up("Tab")
