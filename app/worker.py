"""The jobs, and the process that does them: inside the server by default, `halfterm worker` elsewhere."""

import asyncio
import os
import uuid
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from urllib.parse import urlsplit

import structlog
from procrastinate import App, Blueprint, JobContext, RetryStrategy
from sqlalchemy.ext.asyncio import AsyncSession

from app.actions import sign_in
from app.actions.feeds import inviting, receiving, telling
from app.actions.funding import renewing, standing
from app.actions.hubs import webhooks
from app.actions.mail import gathering, reminding, sending
from app.actions.meetings import certifying
from app.actions.notes import devices
from app.actions.people import keeping
from app.actions.people.erasing import Site
from app.actions.schedule import answering_again, choosing_search, solving
from app.actions.stages import forming_solving
from app.kit.clock import Clock
from app.kit.errors import HalftermError
from app.render import mail as letters
from app.settings import Settings
from app.store import jobs
from app.store.database import Database
from app.store.mail import delivering

log = structlog.get_logger()
tasks = Blueprint()
MAIL_TRIES = RetryStrategy(max_attempts=7, exponential_wait=4)  # after 4 s, 16 s ... some six hours in all


@dataclass(frozen=True, slots=True)
class Workshop:
    """What every job is handed."""

    settings: Settings
    database: Database
    clock: Clock


def workshop(context: JobContext) -> Workshop:
    """The job's world."""
    made: Workshop = context.additional_context["workshop"]
    return made


@tasks.task(name="send_sign_in_link", pass_context=True, retry=RetryStrategy(max_attempts=5, exponential_wait=3))
async def send_sign_in_link(context: JobContext, to: str, link: str) -> None:
    """Mail a sign-in link."""
    here = workshop(context)
    letter = letters.sign_in_letter(to, link, 15)
    await _send(here, letter)


@tasks.task(name="send_letter", pass_context=True, retry=RetryStrategy(max_attempts=5, exponential_wait=3))
async def send_letter(context: JobContext, to: str, subject: str, text: str) -> None:
    """Mail one letter about an account, which belongs to no hub."""
    await _send(workshop(context), letters.Letter(to, subject, text))


@tasks.task(name="send_message", pass_context=True, retry=MAIL_TRIES)
async def send_message(context: JobContext, hub_id: str, message_id: str) -> None:
    """Send one message of a hub; the last try, after some hours, says on the message that it did not leave."""
    here = workshop(context)
    last = context.job.attempts >= (MAIL_TRIES.max_attempts or 0)
    office = sending.Office(here.settings, here.database, here.clock)
    await sending.send(office, uuid.UUID(hub_id), uuid.UUID(message_id), last=last)


@tasks.task(name="tell_of_changes", pass_context=True, retry=RetryStrategy(max_attempts=5, exponential_wait=3))
async def tell_of_changes(
    context: JobContext, hub_id: str, was: dict[str, str | None], invited: list[str] | None = None
) -> None:
    """Keep whoever is invited by mail in step, and mail the others what their calendar programs may show too late.

    `was` is when each such event started before; `invited` are events that somebody is invited to by mail.
    """
    here = workshop(context)
    before = {uuid.UUID(key): datetime.fromisoformat(at) if at else None for key, at in was.items()}
    mailbox = inviting.Mailbox(here.settings.address, here.settings.replies_to)
    async with here.database.transaction(uuid.UUID(hub_id)) as db:
        await inviting.keep_in_step(db, uuid.UUID(hub_id), [*map(uuid.UUID, invited or ())], mailbox, here.clock())
        await telling.tell(db, uuid.UUID(hub_id), before, here.settings.address, here.clock())


async def _send(here: Workshop, letter: letters.Letter) -> None:
    now = here.clock()
    domain = urlsplit(here.settings.address).hostname or "localhost"
    await delivering.deliver(
        here.settings, letters.message(letter, sender=here.settings.mail_from, now=now, domain=domain), now
    )


@tasks.task(name="solve_proposal", pass_context=True, queue=jobs.SOLVING, retry=RetryStrategy(max_attempts=3, wait=2))
async def solve_proposal(context: JobContext, hub_id: str, proposal_id: str) -> None:
    """Solve a proposal in a process of its own, telling how far it is as it goes."""
    here = workshop(context)
    await solving.solve_in_background(here.database, here.clock, uuid.UUID(hub_id), uuid.UUID(proposal_id))


@tasks.task(name="find_choices", pass_context=True, queue=jobs.SOLVING, retry=RetryStrategy(max_attempts=3, wait=2))
async def find_choices(context: JobContext, hub_id: str, proposal_id: str) -> None:
    """Look for what could be let go where there is no plan, in a process of its own."""
    here = workshop(context)
    await choosing_search.find_choices(here.database, here.clock, uuid.UUID(hub_id), uuid.UUID(proposal_id))


@tasks.task(name="solve_three", pass_context=True, queue=jobs.SOLVING, retry=RetryStrategy(max_attempts=3, wait=2))
async def solve_three(context: JobContext, hub_id: str, set_id: str) -> None:
    """Solve three plans that differ in what they favour, in one process of their own."""
    here = workshop(context)
    await solving.solve_three_in_background(here.database, here.clock, uuid.UUID(hub_id), uuid.UUID(set_id))


@tasks.task(name="form_groups", pass_context=True, queue=jobs.SOLVING, retry=RetryStrategy(max_attempts=3, wait=2))
async def form_groups(context: JobContext, hub_id: str, forming_id: str) -> None:
    """Form Work Groups of a coming year in a process of their own, telling how far it is as it goes."""
    here = workshop(context)
    await forming_solving.form_in_background(here.database, here.clock, (uuid.UUID(hub_id), uuid.UUID(forming_id)))


def _sender(here: Workshop) -> webhooks.Sender:
    return webhooks.Sender(here.database, here.clock, here.settings.secret, webhooks.outside_of(here.settings))


@tasks.task(name="deliver_webhook", pass_context=True, retry=RetryStrategy(max_attempts=5, exponential_wait=3))
async def deliver_webhook(context: JobContext, hub_id: str, delivery_id: str, number: int) -> None:
    """Send one happening to one webhook; a receiver that fails is tried again by a job of its own."""
    await webhooks.deliver(_sender(workshop(context)), uuid.UUID(hub_id), uuid.UUID(delivery_id), number)


@tasks.task(name="issue_certificates", pass_context=True, retry=RetryStrategy(max_attempts=5, exponential_wait=3))
async def issue_certificates(context: JobContext, hub_id: str, group_id: str, account_id: str) -> None:
    """Issue a long list of a Work Group's certificates, one after the other."""
    here = workshop(context)
    order = certifying.Order(uuid.UUID(hub_id), uuid.UUID(group_id), uuid.UUID(account_id))
    await certifying.issue_in_background(here.database, here.clock, order, f"{here.settings.address}/check")


@tasks.periodic(cron="*/5 * * * *")
@tasks.task(name="read_mail", pass_context=True, lock="read_mail", queueing_lock="read_mail")
async def read_mail(context: JobContext, timestamp: int) -> None:
    """Every five minutes, where a mailbox is set: take in the answers to invitations."""
    here = workshop(context)
    del timestamp
    if here.settings.imap_url:
        inbox = receiving.Inbox(here.database, here.settings.data_dir)
        try:
            done = await receiving.take_waiting(inbox, here.settings, here.clock())
            log.info("mail read", done=dict(done))
        except HalftermError as problem:
            log.warning("mail could not be read", because=problem.because)


@tasks.periodic(cron="40 3 * * *")
@tasks.task(name="forget_deliveries", pass_context=True)
async def forget_deliveries(context: JobContext, timestamp: int) -> None:
    """Each night: delete what the log of deliveries has kept for thirty days."""
    del timestamp  # when it was due; what is old goes by what is so now
    await webhooks.forget_old(_sender(workshop(context)))


async def _in_every_hub(here: Workshop, act: Callable[[AsyncSession, uuid.UUID, datetime], Awaitable[object]]) -> None:
    """Do what goes by the clock hub by hub, each in a transaction of its own: one that fails keeps no other waiting."""
    failed: list[Exception] = []
    for hub_id in await here.database.every_hub():
        try:
            async with here.database.transaction(hub_id) as db:
                await act(db, hub_id, here.clock())
        except Exception as problem:  # noqa: BLE001  raised once every hub had its turn
            problem.add_note(f"in the hub {hub_id}")
            failed.append(problem)
    if failed:
        raise ExceptionGroup("what goes by the clock failed in some hubs", failed)


@tasks.periodic(cron="30 3 * * *")
@tasks.task(name="renew_ledgers", pass_context=True, lock="renew_ledgers", queueing_lock="renew_ledgers")
async def renew_ledgers(context: JobContext, timestamp: int) -> None:
    """Each night: bring every hub's open statements up to date with what happened."""
    del timestamp  # when it was due; what is done goes by what is so now
    await _in_every_hub(workshop(context), renewing.renew_hub)


@tasks.periodic(cron="30 5 * * *")
@tasks.task(name="make_exports", pass_context=True, lock="make_exports", queueing_lock="make_exports")
async def make_exports(context: JobContext, timestamp: int) -> None:
    """Each morning: make the exports of the ledger that are due; one that failed is tried again."""
    here = workshop(context)
    del timestamp  # when it was due; what is done goes by what is so now
    await _in_every_hub(here, partial(standing.run_due, standing.Place(here.settings.data_dir)))


@tasks.periodic(cron="10 6 * * *")
@tasks.task(name="remind_of_devices", pass_context=True)
async def remind_of_devices(context: JobContext, timestamp: int) -> None:
    """Each morning: write to whoever's notes have waited on a device for five days."""
    del timestamp  # when it was due; what is done goes by what is so now
    await _in_every_hub(workshop(context), devices.remind)


@tasks.periodic(cron="20 6 * * *")
@tasks.task(name="remind_of_dates", pass_context=True)
async def remind_of_dates(context: JobContext, timestamp: int) -> None:
    """Each morning: remind people of what is in two weeks and in two days."""
    del timestamp  # when it was due; what is done goes by what is so now
    await _in_every_hub(workshop(context), reminding.remind)


@tasks.periodic(cron="15 6 * * *")
@tasks.task(name="nudge_held_dates", pass_context=True)
async def nudge_held_dates(context: JobContext, timestamp: int) -> None:
    """Each morning: remind whoever has not said whether they can come to dates that are held."""
    del timestamp  # when it was due; what is done goes by what is so now
    await _in_every_hub(workshop(context), answering_again.nudge_due)


@tasks.periodic(cron="0 * * * *")
@tasks.task(name="gather_messages", pass_context=True)
async def gather_messages(context: JobContext, timestamp: int) -> None:
    """Each hour, for summer and winter time and for what was missed: send messages of the day that are due."""
    del timestamp  # when it was due; what is done goes by what is so now
    await _in_every_hub(workshop(context), gathering.gather)


@tasks.periodic(cron="25 * * * *")
@tasks.task(name="tidy_sign_in", pass_context=True)
async def tidy_sign_in(context: JobContext, timestamp: int) -> None:
    """Each hour: forget counted tries, and links, challenges and sessions that ended."""
    here = workshop(context)
    del timestamp
    async with here.database.transaction() as db:
        await sign_in.tidy(db, here.clock())


@tasks.periodic(cron="10 4 1 * *")
@tasks.task(name="let_go", pass_context=True, lock="let_go", queueing_lock="let_go")
async def let_go(context: JobContext, timestamp: int) -> None:
    """On the first of each month: let go of what has been kept long enough, hub by hub."""
    here = workshop(context)
    del timestamp
    site = Site(here.settings.data_dir, f"{here.settings.address}/check")
    await keeping.run(here.database, site, here.clock())


def make_queue(address: str) -> App:
    """The queue with all its jobs known."""
    made = jobs.queue(address)
    made.add_tasks_from(tasks, namespace="")
    return made


async def work(here: Workshop, queue: App) -> None:
    """Do jobs until cancelled; those of killed workers are taken up first, and again every half minute."""
    async with queue.open_async():
        watch = asyncio.create_task(_watch(queue))
        try:
            # A long solve keeps no letter waiting, and no more is solved at once than there are processors.
            async with asyncio.TaskGroup() as both:
                both.create_task(_work_on(here, queue, "default", 4))
                both.create_task(_work_on(here, queue, jobs.SOLVING, os.cpu_count() or 1))
        finally:
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch


async def _work_on(here: Workshop, queue: App, name: str, at_once: int) -> None:
    await queue.run_worker_async(
        queues=[name],
        name=name,
        install_signal_handlers=False,
        additional_context={"workshop": here},
        concurrency=at_once,
        delete_jobs="successful",
        shutdown_graceful_timeout=2,
    )


async def _watch(queue: App) -> None:
    while True:
        fallen = await jobs.take_up_the_fallen(queue)
        if fallen:
            log.info("jobs taken up again", count=fallen)
        await asyncio.sleep(jobs.STALLED_SECONDS)
