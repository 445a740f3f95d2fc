package uk.directpayments.ledger.support;

import java.time.LocalDate;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

/**
 * The whole ledger, running on a port and a PostgreSQL of its own: started once and shared by all tests that extend this, which therefore
 * use ids of their own ({@link #fresh}).
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "ledger.demo=false")
public abstract class RunningLedger {

    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private static final AtomicInteger NUMBERS = new AtomicInteger();

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry registry) {
        TestPostgres.properties(registry);
    }

    @LocalServerPort
    protected int port;

    @Autowired
    protected JdbcClient jdbc;

    protected Caller finance() {
        return Caller.as("finance", port);
    }

    protected Caller approver() {
        return Caller.as("approver", port);
    }

    /** An id that no other test uses. */
    protected static String fresh(String kind) {
        return kind + "-" + NUMBERS.incrementAndGet();
    }

    /** A day, or the next after it, on which a run can pay: no weekend, and nothing of the days around Christmas. */
    protected static LocalDate payableFrom(LocalDate day) {
        LocalDate payDate = day;
        while (payDate.getDayOfWeek().getValue() > 5 || payDate.getMonthValue() == 12 && payDate.getDayOfMonth() > 23) {
            payDate = payDate.plusDays(1);
        }
        return payDate;
    }

    /** The last position of the log. */
    protected long head() {
        return jdbc.sql("SELECT position FROM event_log_head").query(Long.class).single();
    }

    /** Waits until every projection and automation has handled all that is recorded, as long as they come forward. */
    protected final void settled() {
        Caller admin = Caller.as("admin", port);
        long before = -1;
        long since = System.nanoTime();
        while (true) {
            JsonNode overview = ok(admin.get("/api/v1/operations/processors")).json();
            long behind = overview.path("items")
                    .valueStream()
                    .mapToLong(processor -> Math.max(
                            0,
                            overview.path("head").asLong()
                                    - processor.path("position").asLong()))
                    .sum();
            if (behind == 0) {
                return;
            }
            if (behind != before) {
                before = behind;
                since = System.nanoTime();
            } else if (System.nanoTime() - since > PATIENCE_NANOS) {
                throw new AssertionError("processors do not come forward: " + overview);
            }
            LockSupport.parkNanos(10_000_000);
        }
    }

    /** A person with a final budget and, opened on its first day, an account: the ids of all. */
    public record Opened(String personId, String budgetId, String accountId) {}

    /** @param lines the JSON of the budget's lines, which add up to {@code annualAmount} */
    protected Opened opened(String from, String to, String annualAmount, String lines, String bankDetails) {
        Opened ids = new Opened(fresh("P"), fresh("B"), fresh("A"));
        ok(finance()
                .post(
                        "/api/v1/people",
                        "{\"personId\":\"%s\",\"name\":\"Robin Example\",\"dateOfBirth\":\"2012-05-01\"}"
                                .formatted(ids.personId)));
        ok(finance().post("/api/v1/budgets", """
                {"budgetId":"%s","personId":"%s","legalBasis":"CHILD_S17A","requestedOn":"%s","requestedBy":"Sam Example"}""".formatted(ids.budgetId, ids.personId, from)));
        ok(finance()
                .post(
                        "/api/v1/budgets/%s/indicative-amount".formatted(ids.budgetId),
                        "{\"amount\":\"%s\",\"from\":\"%s\",\"to\":\"%s\",\"method\":\"RAS\"}"
                                .formatted(annualAmount, from, to)));
        ok(approver()
                .post(
                        "/api/v1/budgets/%s/panel-decision".formatted(ids.budgetId),
                        "{\"outcome\":\"APPROVED\",\"decidedOn\":\"%s\"}".formatted(from)));
        ok(finance()
                .post(
                        "/api/v1/budgets/%s/finalisation".formatted(ids.budgetId),
                        "{\"from\":\"%s\",\"to\":\"%s\",\"annualAmount\":\"%s\",\"lines\":%s}"
                                .formatted(from, to, annualAmount, lines)));
        ok(finance()
                .post(
                        "/api/v1/budgets/%s/consents".formatted(ids.budgetId),
                        "{\"recipientType\":\"PARENT\",\"recipientName\":\"Sam Example\",\"on\":\"%s\"}"
                                .formatted(from)));
        ok(finance().post("/api/v1/accounts", """
                {"accountId":"%s","budgetId":"%s","type":"PREPAID_CARD","holderType":"PARENT","openedOn":"%s","bankDetails":%s}""".formatted(ids.accountId, ids.budgetId, from, bankDetails)));
        return ids;
    }

    protected Opened opened(String from, String to, String annualAmount) {
        return opened(from, to, annualAmount, """
                [{"lineId":"L1","fundingSource":"SOCIAL_CARE_CHILD","mode":"DIRECT_PAYMENT","category":"CARE","annualAmount":"%s"}]""".formatted(annualAmount), "null");
    }

    /** What finance records of an account. @param fields of the body, as {@link Caller#json} reads it */
    protected void post(Opened ids, String path, String fields) {
        finance()
                .tell("/api/v1/accounts/" + ids.accountId() + path, "{" + fields + "}")
                .ok();
    }

    /** The answer, which must be a 2xx. */
    protected static Caller.Answer ok(Caller.Answer answer) {
        return answer.ok();
    }
}
