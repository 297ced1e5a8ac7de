"""Mends groups that break a rule: takes out who cannot stay, fills what is too small, places who is left over."""

from collections.abc import Iterable, Sequence

from app.domain.schedule.forming import Programme
from app.solver.schedule.forming_greedy import Betters, Hand, Slot

Block = tuple[str, ...]


class Mend:
    """Groups that may be unlawful, too small or too large, or lack schools, made whole; this may fail."""

    def __init__(self, hand: Hand, slots: Iterable[Slot]) -> None:
        self.hand = hand
        self.slots = hand.slots = list(slots)
        self.block = {each: block for block in hand.blocks for each in block}
        for slot in self.slots:
            slot.schools = [each for each in slot.schools if set(self.block[each]) <= set(slot.schools)]
        placed = {each for slot in self.slots for each in slot.schools}
        self.left = [block for block in hand.blocks if block[0] not in placed]

    def mended(self) -> list[Slot] | None:
        """The groups made whole and bettered; none when this way did not find any."""
        for slot in self.slots:
            self._strip(slot)
        for block in list(self.left):
            self._place(block)
        for slot in list(self.slots):
            self._fill(slot)
        for block in list(self.left):
            self._place(block)
        must = any(self.hand.must(block) for block in self.left)
        if must or any(len(slot.schools) < self._programme(slot).fewest for slot in self.slots):
            return None
        self.hand.waiting = self.left
        return Betters(self.hand).better()

    def _programme(self, slot: Slot) -> Programme:
        return self.hand.forming.programme[slot.programme]

    def _blocks(self, slot: Slot) -> list[Block]:
        return list(dict.fromkeys(self.block[each] for each in slot.schools))

    def _without(self, slot: Slot, block: Block) -> list[str]:
        return [each for each in slot.schools if each not in block]

    def _strip(self, slot: Slot) -> None:
        """Takes blocks out until the rest is lawful: of those that help the dearest, else the dearest of all."""
        most = self._programme(slot).most
        while slot.schools and not (len(slot.schools) <= most and self.hand.lawful(slot, slot.schools)):
            blocks = self._blocks(slot)
            helps = [each for each in blocks if self.hand.lawful(slot, self._without(slot, each))] or blocks
            block = min(helps, key=lambda each: (self.hand.cost(slot, self._without(slot, each)), each))
            slot.schools = self._without(slot, block)
            self.left.append(block)

    def _place(self, block: Block) -> bool:
        """Puts a block where it costs least, at the price of another block that goes on if need be."""
        direct = [(self._added(slot, block), n) for n, slot in enumerate(self.slots) if self.hand.fits(slot, block)]
        if direct:
            self._join(self.slots[min(direct)[1]], block)
            return True
        for _, n, other in sorted(self._ways(block)):
            slot = self.slots[n]
            onward = [there for there in self.slots if there is not slot and self.hand.fits(there, other)]
            if onward:
                slot.schools = [*self._without(slot, other), *block]
                self.left.remove(block)
                self.left.append(other)
                self._join(min(onward, key=lambda there: self._added(there, other)), other)
                return True
        return False

    def _ways(self, block: Block) -> Iterable[tuple[int, int, Block]]:
        for n, slot in enumerate(self.slots):
            for other in self._blocks(slot):
                rest = self._without(slot, other)
                small = Slot(slot.leader, slot.programme, rest)
                if self.hand.fits(small, block):
                    yield self.hand.cost(slot, [*rest, *block]), n, other

    def _added(self, slot: Slot, block: Block) -> int:
        return self.hand.cost(slot, [*slot.schools, *block]) - self.hand.cost(slot, slot.schools)

    def _join(self, slot: Slot, block: Block) -> None:
        slot.schools = [*slot.schools, *block]
        self.left.remove(block)

    def _fill(self, slot: Slot) -> None:
        """Brings blocks from groups that can spare them; a group that stays too small is dissolved."""
        fewest = self._programme(slot).fewest
        while len(slot.schools) < fewest:
            found = [
                (self._added(slot, block) + self.hand.cost(donor, self._without(donor, block)), n, block)
                for n, donor in enumerate(self.slots)
                if donor is not slot
                for block in self._blocks(donor)
                if len(donor.schools) - len(block) >= self._programme(donor).fewest and self.hand.fits(slot, block)
            ]
            if not found:
                self.left += self._blocks(slot)
                self.slots.remove(slot)
                return
            _, n, block = min(found)
            self.slots[n].schools = self._without(self.slots[n], block)
            slot.schools = [*slot.schools, *block]


def slots_of(groups: Iterable[tuple[str, str, Sequence[str]]]) -> list[Slot]:
    """Groups (leader, programme, schools) as groups in the making."""
    return [Slot(leader, programme, list(schools)) for leader, programme, schools in groups]
