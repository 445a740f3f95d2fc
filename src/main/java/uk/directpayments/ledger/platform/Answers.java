package uk.directpayments.ledger.platform;

import java.net.URI;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;

/** How every write answers: status, location, {@code Ledger-Position}, and whether it is the repeat of an earlier answer. */
public final class Answers {

    public static final String POSITION = "Ledger-Position";
    public static final String REPLAYED = "Idempotency-Replayed";

    private Answers() {}

    /** 201, with the place of what was created below {@code /api/v1}. */
    public static <T> ResponseEntity<T> created(String path, Outcome outcome, T body) {
        return headers(ResponseEntity.created(URI.create("/api/v1" + path)), outcome)
                .body(body);
    }

    /**
     * 201, for what was begun and is no event of the log.
     *
     * @param position of the log by now
     * @param repeated whether it had been asked for before, under the same idempotency key
     */
    public static <T> ResponseEntity<T> begun(String path, long position, boolean repeated, T body) {
        return created(path, new Outcome(List.of(), repeated, null, position), body);
    }

    /** 200. */
    public static <T> ResponseEntity<T> ok(Outcome outcome, T body) {
        return headers(ResponseEntity.status(HttpStatus.OK), outcome).body(body);
    }

    private static ResponseEntity.BodyBuilder headers(ResponseEntity.BodyBuilder answer, Outcome outcome) {
        answer.header(POSITION, Long.toString(outcome.position()));
        return outcome.replayed() ? answer.header(REPLAYED, "true") : answer;
    }
}
