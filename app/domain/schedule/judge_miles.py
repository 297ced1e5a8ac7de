"""The judge's own minutes: five to set out, then half a kilometre a minute, rounded up, in whole numbers."""

from app.domain.schedule.problem import Point

NOT_KNOWN = 30


def minutes_between(a: Point | None, b: Point | None) -> int:
    """Minutes between two different places; 30 when either point is not known, 0 for equal points."""
    if a is None or b is None:
        return NOT_KNOWN
    east, north = a[0] - b[0], a[1] - b[1]
    if east == 0 and north == 0:
        return 0
    metres_squared = east * east + north * north
    low, high = 0, 1
    while 250_000 * high * high < metres_squared:
        low, high = high, 2 * high
    while high - low > 1:  # the smallest count lies in (low, high]
        middle = (low + high) // 2
        if 250_000 * middle * middle >= metres_squared:
            high = middle
        else:
            low = middle
    return 5 + high
