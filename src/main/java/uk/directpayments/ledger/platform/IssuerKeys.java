package uk.directpayments.ledger.platform;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.RequestEntity;
import org.springframework.http.ResponseEntity;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestTemplate;

/**
 * Fetches the issuer's keys at most once in {@link #SECONDS_BETWEEN} seconds. A token that names an unknown key makes the decoder ask for them, for
 * the issuer may have a new one; anybody can write such tokens, and each would otherwise become a request to the issuer. While the issuer cannot be
 * asked, the keys that it gave last are good for {@link #MINUTES_KEPT} minutes: who has signed in goes on.
 */
final class IssuerKeys extends RestTemplate {

    static final int SECONDS_BETWEEN = 5;
    static final int MINUTES_KEPT = 60;

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private @Nullable ResponseEntity<?> keys;
    private @Nullable RestClientException failure;
    private long givenAt;
    private long askedAt;

    IssuerKeys() {
        SimpleClientHttpRequestFactory requests = new SimpleClientHttpRequestFactory();
        requests.setConnectTimeout(TIMEOUT);
        requests.setReadTimeout(TIMEOUT);
        setRequestFactory(requests);
    }

    /** The decoder asks for keys in this way, and for nothing else. */
    @Override
    @SuppressWarnings("unchecked")
    public synchronized <T> ResponseEntity<T> exchange(RequestEntity<?> request, Class<T> type) {
        boolean asked = keys != null || failure != null;
        if (!asked || isOlder(askedAt, Duration.ofSeconds(SECONDS_BETWEEN))) {
            askedAt = System.nanoTime();
            try {
                keys = super.exchange(request, type);
                givenAt = askedAt;
                failure = null;
            } catch (RestClientException unreachable) {
                failure = unreachable;
            }
        }
        ResponseEntity<?> known = keys;
        if (known == null || failure != null && isOlder(givenAt, Duration.ofMinutes(MINUTES_KEPT))) {
            throw failure == null ? new RestClientException("the issuer has not been asked") : failure;
        }
        return (ResponseEntity<T>) known;
    }

    private static boolean isOlder(long moment, Duration than) {
        return System.nanoTime() - moment > than.toNanos();
    }
}
