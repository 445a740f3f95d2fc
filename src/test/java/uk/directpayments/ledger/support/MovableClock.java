package uk.directpayments.ledger.support;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.springframework.context.annotation.Primary;

/**
 * A clock that runs, and can be put back or forward to noon of a day: for a history that takes a year and is told in seconds. A ledger that
 * imports it goes by it.
 */
@Primary
public final class MovableClock extends Clock {

    private volatile Duration ahead = Duration.ZERO;

    /** Noon of that day, and on from there. */
    public void moveTo(LocalDate day) {
        ahead = Duration.between(
                Clock.systemUTC().instant(), day.atTime(LocalTime.NOON).toInstant(ZoneOffset.UTC));
    }

    public void moveToNow() {
        ahead = Duration.ZERO;
    }

    @Override
    public Instant instant() {
        return Clock.systemUTC().instant().plus(ahead);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("the ledger asks for instants alone");
    }
}
