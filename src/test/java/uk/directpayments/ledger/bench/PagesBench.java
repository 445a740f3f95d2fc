package uk.directpayments.ledger.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.test.context.TestPropertySource;
import uk.directpayments.ledger.support.Caller;
import uk.directpayments.ledger.support.RunningLedger;
import uk.directpayments.ledger.support.Visitor;

/**
 * What pages and reads cost beside the SQL that they ask: an account of 100,000 transactions, and lists of 5,000 accounts. The time of the SQL is what the
 * request's own thread spends in the driver. {@code -Dbench.lines=…} and {@code -Dbench.accounts=…} for fewer.
 */
@TestPropertySource(properties = "ledger.http.requests-per-second=1000000")
class PagesBench extends RunningLedger {

    private static final int LINES = Integer.getInteger("bench.lines", 100_000);
    private static final int ACCOUNTS = Integer.getInteger("bench.accounts", 5_000);
    private static final int ROUNDS = 7;

    /** At most so many times its SQL. */
    private static final double MOST = 10;

    private static final AtomicLong SQL_NANOS = new AtomicLong();

    @TestConfiguration(proxyBeanMethods = false)
    static class Timing {

        @Bean
        static BeanPostProcessor timedDatabase() {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    return bean instanceof HikariDataSource source && name.equals("dataSource")
                            ? new Timed(source)
                            : bean;
                }
            };
        }
    }

    /** Counts the time that threads of requests spend in statements and result sets. */
    private static final class Timed extends HikariDataSource {

        private Timed(HikariConfig config) {
            super(config);
        }

        @Override
        public Connection getConnection() throws SQLException {
            return (Connection) timed(super.getConnection(), Connection.class, Set.of());
        }

        private static Object timed(Object target, Class<?> type, Set<String> counted) {
            return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                boolean counts = counted.stream().anyMatch(method.getName()::startsWith)
                        && Thread.currentThread().getName().contains("exec");
                long begun = System.nanoTime();
                try {
                    Object result = method.invoke(target, arguments);
                    if (result instanceof ResultSet) {
                        return timed(result, ResultSet.class, Set.of("next"));
                    }
                    return result instanceof Statement && method.getReturnType().isInterface()
                            ? timed(result, method.getReturnType(), Set.of("execute"))
                            : result;
                } catch (InvocationTargetException e) {
                    throw e.getCause();
                } finally {
                    if (counts) {
                        SQL_NANOS.addAndGet(System.nanoTime() - begun);
                    }
                }
            });
        }
    }

    @Test
    void aLongAccountAndALongListCostAtMostTenTimesTheirSql() throws Exception {
        String longAccount = longAccount();
        accounts();
        Visitor finance = Visitor.as("finance", port);
        Visitor support = Visitor.as("support", port);
        Caller caller = finance();
        double worst = 0;
        String account = "/api/v1/accounts/" + longAccount;
        worst = Math.max(worst, cost("page of the account", () -> shown(finance.get("/accounts/" + longAccount))));
        worst = Math.max(worst, cost("GET the account", () -> ok(caller.get(account))));
        worst = Math.max(worst, cost("GET its balance", () -> ok(caller.get(account + "/balance"))));
        worst = Math.max(
                worst, cost("GET 500 of its transactions", () -> ok(caller.get(account + "/transactions?limit=500"))));
        worst = Math.max(
                worst,
                cost("GET its last transactions", () -> ok(caller.get(account + "/transactions?from=2026-11-01"))));
        worst = Math.max(worst, cost("GET 500 accounts", () -> ok(caller.get("/api/v1/accounts?limit=500"))));
        worst = Math.max(worst, cost("start page of the organisation", () -> shown(support.get("/"))));
        worst = Math.max(worst, cost("start page of finance", () -> shown(finance.get("/"))));
        worst = Math.max(worst, cost("report of balances", () -> ok(caller.get("/api/v1/reports/balances"))));
        worst = Math.max(worst, cost("GET the summary of flags", () -> ok(caller.get("/api/v1/flags/summary"))));
        assertThat(worst).isLessThanOrEqualTo(MOST);
    }

    private static void shown(HttpResponse<String> page) {
        assertThat(page.statusCode()).isEqualTo(200);
    }

    /** The medians. */
    private static double cost(String what, Runnable ask) {
        long[] whole = new long[ROUNDS];
        long[] sql = new long[ROUNDS];
        for (int i = -3; i < ROUNDS; i++) {
            long before = SQL_NANOS.get();
            long begun = System.nanoTime();
            ask.run();
            if (i >= 0) {
                whole[i] = System.nanoTime() - begun;
                sql[i] = SQL_NANOS.get() - before;
            }
        }
        Arrays.sort(whole);
        Arrays.sort(sql);
        double ratio = (double) whole[ROUNDS / 2] / sql[ROUNDS / 2];
        System.out.printf(
                "| %s | %.1f ms | %.1f ms | %.1f |%n", what, whole[ROUNDS / 2] / 1e6, sql[ROUNDS / 2] / 1e6, ratio);
        return ratio;
    }

    /** An account with so many expenditures, of eight years. */
    private String longAccount() {
        Opened opened = opened("2019-01-01", "2027-12-31", "9000000.00");
        String account = "/api/v1/accounts/" + opened.accountId();
        ok(finance()
                .post(account + "/payments", "{\"lineId\":\"L1\",\"amount\":\"8000000.00\",\"on\":\"2019-01-01\"}"));
        ok(finance().post(account + "/expenditures", LongLog.MODEL));
        long begun = System.nanoTime();
        LongLog.grow(jdbc, List.of(opened.accountId()), LINES, LocalDate.of(2019, 1, 2), 2_880);
        settled();
        System.out.printf("%,d transactions derived in %.0f s%n", LINES, (System.nanoTime() - begun) / 1e9);
        return opened.accountId();
    }

    private void accounts() throws InterruptedException {
        Caller admin = Caller.as("admin", port);
        admin.post("/api/v1/organisations", "{\"organisationId\":\"ORG-DEMO\",\"name\":\"Demonstration\"}");
        long begun = System.nanoTime();
        ExecutorService users = Executors.newFixedThreadPool(8);
        for (int i = 0; i < ACCOUNTS; i++) {
            users.submit(() -> {
                Opened opened = opened("2026-01-01", "2027-12-31", "1200.00");
                ok(finance()
                        .post(
                                "/api/v1/accounts/" + opened.accountId() + "/payments",
                                "{\"lineId\":\"L1\",\"amount\":\"300.00\",\"on\":\"2026-01-01\"}"));
                ok(admin.post(
                        "/api/v1/organisations/ORG-DEMO/appointments",
                        "{\"accountId\":\"%s\",\"from\":\"2026-01-01\"}".formatted(opened.accountId())));
            });
        }
        users.shutdown();
        assertThat(users.awaitTermination(30, TimeUnit.MINUTES)).isTrue();
        jdbc.sql("ANALYZE").update();
        System.out.printf("%,d accounts opened in %.0f s%n", ACCOUNTS, (System.nanoTime() - begun) / 1e9);
        assertThat(jdbc.sql("SELECT count(*) FROM account_register WHERE until_position = 9223372036854775807")
                        .query(Long.class)
                        .single())
                .isGreaterThan(ACCOUNTS);
    }
}
