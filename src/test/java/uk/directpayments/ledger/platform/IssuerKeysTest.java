package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.RequestEntity;
import org.springframework.web.client.RestClientException;
import uk.directpayments.ledger.support.ChildLedger;

/** How often an issuer is asked for its keys, and what is done while it is away. */
class IssuerKeysTest {

    private final AtomicInteger asked = new AtomicInteger();
    private final IssuerKeys keys = new IssuerKeys();
    private volatile int status = 200;
    private HttpServer issuer;

    @AfterEach
    void stop() {
        issuer.stop(0);
    }

    private String fetch() throws IOException {
        if (issuer == null) {
            issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            issuer.createContext("/", exchange -> {
                byte[] answer = ("keys " + asked.incrementAndGet()).getBytes();
                exchange.sendResponseHeaders(status, answer.length);
                exchange.getResponseBody().write(answer);
                exchange.close();
            });
            issuer.start();
        }
        URI address = URI.create("http://127.0.0.1:" + issuer.getAddress().getPort());
        return keys.exchange(RequestEntity.get(address).build(), String.class).getBody();
    }

    @Test
    void anIssuerThatGoesAwayLeavesItsKeysGoodAndIsNotAskedWithEachToken() throws IOException {
        for (int i = 0; i < 20; i++) {
            assertThat(fetch()).isEqualTo("keys 1");
        }
        status = 503;
        ChildLedger.sleep(IssuerKeys.SECONDS_BETWEEN * 1_000 + 200);
        for (int i = 0; i < 20; i++) {
            assertThat(fetch()).isEqualTo("keys 1");
        }
        assertThat(asked).hasValue(2);
        status = 200;
        ChildLedger.sleep(IssuerKeys.SECONDS_BETWEEN * 1_000 + 200);
        assertThat(fetch()).isEqualTo("keys 3");
    }

    @Test
    void anIssuerThatWasNeverThereIsNotAskedWithEachTokenEither() throws IOException {
        status = 503;
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(this::fetch).isInstanceOf(RestClientException.class);
        }
        assertThat(asked).hasValue(1);
    }
}
