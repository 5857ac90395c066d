"""What becomes of a letter after a failure: a pure decision, with the waiting times between attempts."""

from datetime import datetime, timedelta
from random import Random

from notifications.mailbag import Letter, Mark, MarkState
from notifications.transport import DeliveryFailed, Reply

# First steps are short because they meet our own relay; RFC 5321 section 4.5.4.1 asks 4-5 days in all.
STEPS = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 30, 60, 120, 240, 480))
GIVE_UP_AFTER = timedelta(days=5)
JITTER = 0.2
# One possible copy may be followed by one more, never by a third.
MOST_DOUBTS = 2


def next_attempt(attempts: int, now: datetime, jitter: Random) -> datetime:
    """Say when to try again after `attempts` earlier tries, spread by 20 % so that a crowd disperses."""
    step = STEPS[min(attempts, len(STEPS) - 1)]
    return now + step * jitter.uniform(1 - JITTER, 1 + JITTER)


def after_failure(letter: Letter, failure: DeliveryFailed, now: datetime, jitter: Random) -> Mark:
    """Decide between another attempt, `failed` (certainly not sent) and `held` (a person decides)."""
    if failure.queue_wide and failure.permanent:
        # The fault lies with the queue, which pauses; the letter loses nothing.
        return Mark(letter, "queued", failure.reply, until=now)
    doubts = letter.doubts + failure.in_doubt
    again_at = next_attempt(letter.attempts, now, jitter)
    over = failure.permanent or again_at > letter.posted_at + GIVE_UP_AFTER
    state: MarkState = "queued"
    if doubts >= MOST_DOUBTS or (over and doubts):
        state = "held"
    elif over:
        state = "failed"
    until = again_at if state == "queued" else None
    return Mark(letter, state, failure.reply, until=until, tried=True, doubted=failure.in_doubt)


def too_doubtful(letter: Letter) -> Mark | None:
    """Hold a letter that may already be out twice; None if it may be sent."""
    if letter.doubts < MOST_DOUBTS:
        return None
    reply = Reply(None, "两次发送均未得到服务器确认，请核对收件方是否收到，没有收到再重发。")
    return Mark(letter, "held", reply)
