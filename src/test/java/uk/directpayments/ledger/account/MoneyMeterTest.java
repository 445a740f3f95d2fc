package uk.directpayments.ledger.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import uk.directpayments.ledger.platform.MeterNames;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.RunningLedger;

class MoneyMeterTest extends RunningLedger {

    @Autowired
    MeterRegistry registry;

    private double pounds(String kind) {
        return registry.get(MeterNames.MONEY_POSTED).tag("kind", kind).counter().count();
    }

    @Test
    void moneyIsCountedByKindOnceAndNotAgainWhenAProjectionIsRebuilt() {
        Opened ids = opened("2026-04-06", "2027-04-05", "12000.00");
        String account = "/api/v1/accounts/" + ids.accountId();
        double payments = pounds("PAYMENT");
        double returns = pounds("PAYMENT_RETURN");
        String payment = fresh("PAY");
        String body = "{\"paymentId\":\"%s\",\"lineId\":\"L1\",\"amount\":\"461.54\",\"on\":\"2026-04-07\"}"
                .formatted(payment);
        ok(finance().post(account + "/payments", body, "Idempotency-Key", payment));
        ok(finance().post(account + "/payments", body, "Idempotency-Key", payment));
        assertThat(finance().post(account + "/payments", body).status()).isEqualTo(409);
        ok(finance()
                .post(
                        account + "/payments/" + payment + "/return",
                        "{\"reasonCode\":\"ACCOUNT_CLOSED\",\"on\":\"2026-04-08\"}"));

        ok(Caller.as("admin", port).post("/api/v1/operations/processors/account-transactions/reset", "{}"));
        assertThat(ok(finance().get(account + "/transactions"))
                        .json()
                        .path("items")
                        .size())
                .isEqualTo(2);
        assertThat(pounds("PAYMENT")).isCloseTo(payments + 461.54, within(0.001));
        assertThat(pounds("PAYMENT_RETURN")).isCloseTo(returns + 461.54, within(0.001));
    }
}
