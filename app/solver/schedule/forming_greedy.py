"""Groups as a hub forms them by hand, each specialist taking the nearest schools; then bettered by moves and swaps."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.domain.schedule.forming import Forming
from app.domain.schedule.forming_reasons import joined
from app.domain.schedule.forming_table import Table

NEAREST = 8  # groups that a school is tried in
ROUNDS = 30


@dataclass(slots=True)
class Slot:
    """A group in the making."""

    leader: str
    programme: str
    schools: list[str] = field(default_factory=list)


class Hand:
    """Forms groups greedily; blocks are schools that are to be together, most often of one school each."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.forming: Forming = table.forming
        inside = {each for both in joined(self.forming) for each in both}
        alone = [(each.id,) for each in self.forming.schools if each.id not in inside]
        ready = [each for each in (*joined(self.forming), *alone) if any(self.joins(school) for school in each)]
        self.blocks = sorted(ready, key=lambda block: (-len(block), block))
        self.waiting: list[tuple[str, ...]] = []
        self.slots: list[Slot] = []
        self._costs: dict[tuple[str, frozenset[str]], int] = {}

    def form(self, *, many: bool = True) -> list[Slot] | None:
        """Groups by hand order, as many as can be or as few; none when a school is left that may not wait.

        None proves nothing.
        """
        self.slots, self.waiting = [], []
        left = list(self.blocks)
        capacity = {each.person: each.most for each in self.forming.specialists}
        for programme in self.forming.programmes:
            mine = [block for block in left if self.forming.school[block[0]].programme == programme.id]
            count = sum(len(block) for block in mine)
            leaders = [
                each.person
                for each in self.forming.specialists
                if each.leads(programme.id)
                for _ in range(capacity[each.person])
            ]
            groups = min(len(leaders), count // programme.fewest if many else -(-count // programme.most))
            sizes = [count // groups + (n < count % groups) for n in range(groups)] if groups else []
            for leader, size in zip(leaders, sizes, strict=False):
                capacity[leader] -= 1
                slot = Slot(leader, programme.id)
                self.slots.append(slot)
                for block in sorted(mine, key=lambda block: (self._way(leader, block), block)):
                    if len(slot.schools) + len(block) <= min(size, programme.most) and self.fits(slot, block):
                        slot.schools.extend(block)
                        mine.remove(block)
            for block in mine:
                self._insert(block)
        return self._checked()

    def joins(self, school: str) -> bool:
        """Whether the school wants a group at all."""
        return not self.forming.school[school].left_out

    def must(self, block: Sequence[str]) -> bool:
        """Whether a school of the block may not wait."""
        return any(self.joins(each) and not self.forming.school[each].may_wait for each in block)

    def _way(self, leader: str, block: Sequence[str]) -> int:
        pinned = any(leader in self.forming.leader_of[each] for each in block)
        return -1 if pinned else sum(self.table.lead(leader, each) for each in block)

    def fits(self, slot: Slot, block: Sequence[str]) -> bool:
        """Whether a block may join: size, programme, pins, days."""
        schools = [*slot.schools, *block]
        return len(schools) <= self.forming.programme[slot.programme].most and self.lawful(slot, schools)

    def lawful(self, slot: Slot, schools: Sequence[str]) -> bool:
        """Whether the slot's leader may lead these schools together, whatever their number."""
        forming = self.forming
        if any(forming.school[each].programme != slot.programme or not self.joins(each) for each in schools):
            return False
        if any(forming.leader_of[each] - {slot.leader} for each in schools):
            return False
        together = set(schools)
        if any(len(together.intersection(apart)) > 1 for apart in forming.apart):
            return False
        return self.table.enough_days(slot.leader, slot.programme, schools)

    def cost(self, slot: Slot, schools: Sequence[str]) -> int:
        """What the slot would cost with these schools."""
        if not schools:
            return 0
        key = (slot.leader, frozenset(schools))
        if key not in self._costs:
            self._costs[key] = self.table.cost(slot.leader, schools)
        return self._costs[key]

    def _insert(self, block: tuple[str, ...]) -> None:
        found = [slot for slot in self.slots if self.fits(slot, block)]
        if not found:
            self.waiting.append(block)
            return
        best = min(found, key=lambda slot: self.cost(slot, [*slot.schools, *block]) - self.cost(slot, slot.schools))
        best.schools.extend(block)

    def _checked(self) -> list[Slot] | None:
        """The groups, when each is large enough and whoever is left may wait."""
        for slot in list(self.slots):
            if len(slot.schools) < self.forming.programme[slot.programme].fewest:
                self.waiting += [block for block in self.blocks if block[0] in slot.schools]
                self.slots.remove(slot)
        for block in list(self.waiting):
            self.waiting.remove(block)
            self._insert(block)
        if any(self.must(block) for block in self.waiting):
            return None
        return self.slots


class Betters:
    """Moves and swaps of blocks and of leaders, the first that is cheaper, until there is none."""

    def __init__(self, hand: Hand) -> None:
        self.hand = hand
        self.table, self.forming, self.slots = hand.table, hand.forming, hand.slots
        self.block = {each: block for block in hand.blocks for each in block}

    def better(self) -> list[Slot]:
        """The groups after all moves that help."""
        for _ in range(ROUNDS):
            if not (self._leaders() | self._blocks()):
                break
        return self.slots

    def _near(self, slot: Slot, block: tuple[str, ...]) -> int:
        return min(self.table.reach(block[0], each) for each in slot.schools)

    def _blocks(self) -> bool:
        found = False
        for block in self.hand.blocks:
            here = next((slot for slot in self.slots if block[0] in slot.schools), None)
            if here is None:
                continue
            there = [each for each in self.slots if each is not here and each.programme == here.programme]
            there.sort(key=lambda slot: self._near(slot, block))
            found |= any(self._move(here, slot, block) or self._swap(here, slot, block) for slot in there[:NEAREST])
        return found

    def _move(self, here: Slot, there: Slot, block: tuple[str, ...]) -> bool:
        rest = [each for each in here.schools if each not in block]
        if len(rest) < self.forming.programme[here.programme].fewest:
            return False
        return self._take(here, rest, there, [*there.schools, *block])

    def _swap(self, here: Slot, there: Slot, block: tuple[str, ...]) -> bool:
        rest = [each for each in here.schools if each not in block]
        for other in dict.fromkeys(self.block[each] for each in there.schools):
            left = [each for each in there.schools if each not in other]
            if self._take(here, [*rest, *other], there, [*left, *block]):
                return True
        return False

    def _take(self, here: Slot, mine: list[str], there: Slot, theirs: list[str]) -> bool:
        """Does it when it is lawful and cheaper."""
        programme = self.forming.programme[here.programme]
        if not all(programme.fewest <= len(each) <= programme.most for each in (mine, theirs)):
            return False
        now = self.hand.cost(here, here.schools) + self.hand.cost(there, there.schools)
        if self.hand.cost(here, mine) + self.hand.cost(there, theirs) >= now:
            return False
        if not (self.hand.lawful(here, mine) and self.hand.lawful(there, theirs)):
            return False
        here.schools, there.schools = mine, theirs
        return True

    def _leaders(self) -> bool:
        found = False
        for slot in self.slots:
            for leader in sorted(self.forming.specialist):
                found |= self._led(slot, leader)
        return found

    def _led(self, slot: Slot, leader: str) -> bool:
        """Gives the slot to a leader with room for it, or swaps the leaders of two slots."""
        specialist, now = self.forming.specialist[leader], self.hand.cost(slot, slot.schools)
        if leader == slot.leader or not specialist.leads(slot.programme):
            return False
        would = Slot(leader, slot.programme)
        saved = now - self.table.cost(leader, slot.schools)
        own = [each for each in self.slots if each.leader == leader]
        if len(own) < specialist.most:
            if saved > 0 and self.hand.lawful(would, slot.schools):
                slot.leader = leader
                return True
            return False
        for other in own:
            back = Slot(slot.leader, other.programme)
            if not self.forming.specialist[slot.leader].leads(other.programme):
                continue
            gain = saved + self.hand.cost(other, other.schools) - self.table.cost(slot.leader, other.schools)
            if gain > 0 and self.hand.lawful(would, slot.schools) and self.hand.lawful(back, other.schools):
                slot.leader, other.leader = other.leader, slot.leader
                return True
        return False
