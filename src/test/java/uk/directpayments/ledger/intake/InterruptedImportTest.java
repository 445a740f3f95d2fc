package uk.directpayments.ledger.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.json.JsonMapper;
import uk.directpayments.ledger.account.AccountBalances;
import uk.directpayments.ledger.account.BankReference;
import uk.directpayments.ledger.intake.Statement.State;
import uk.directpayments.ledger.kernel.BusinessDay;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.platform.Commands;
import uk.directpayments.ledger.platform.Sealing;
import uk.directpayments.ledger.platform.View;
import uk.directpayments.ledger.support.TestPostgres;

/** Imports that something stopped half-way: the power fails when the so-and-so-many-th payee's key is made. */
@SpringBootTest
class InterruptedImportTest {

    private static final AtomicInteger PAYEES_LEFT = new AtomicInteger(Integer.MAX_VALUE);

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry registry) {
        TestPostgres.properties(registry);
        registry.add("ledger.statements.wait", () -> "100ms");
    }

    @Autowired
    Commands commands;

    @Autowired
    Sealing sealing;

    @Autowired
    BankReference references;

    @Autowired
    AccountBalances balances;

    @Autowired
    StatementIntake intake;

    @Autowired
    StatementRegister register;

    @Autowired
    UnfinishedStatements unfinished;

    @Autowired
    StatementSources sources;

    @Autowired
    ImportLock lock;

    @Autowired
    JdbcClient jdbc;

    private CardHolders holders;

    @BeforeEach
    void holders() {
        holders = new CardHolders(commands, sealing, references, balances);
    }

    @AfterEach
    void powerIsBack() {
        PAYEES_LEFT.set(Integer.MAX_VALUE);
    }

    @Test
    void anInterruptedImportIsShownAsUnfinishedAndIsGoneOnWithToTheSameBalances() {
        var expected = new JsonMapper().readTree(Heard.resource("card-feed.expected.json"));
        Map<String, String> accounts = new LinkedHashMap<>();
        expected.properties().forEach(card -> {
            String account = holders.open(card.getKey());
            holders.pay(account, card.getValue().path("load").asString(), "2026-03-01");
            accounts.put(card.getKey(), account);
        });
        // more than the lines of one event, so that it stops within the second; a payee is asked for before its event's
        // lines are gone through, and again
        String sample = new String(Heard.resource("card-feed.csv"), StandardCharsets.UTF_8);
        String more = sample.substring(sample.indexOf('\n') + 1)
                .replace(",T7-", ",T8-")
                .replaceAll(",[^,\n]*(?=\n)", ",");
        PAYEES_LEFT.set(1_400);

        assertThatIllegalStateException().isThrownBy(() -> take("S-1", sample + more));

        Statement stopped = find("S-1");
        assertThat(stopped.state()).isEqualTo(State.UNFINISHED);
        assertThat(stopped.totals().recorded()).isBetween(400, 499);
        assertThat(expenditures()).isGreaterThan(stopped.totals().recorded());
        unfinished.finishAll();
        assertThat(find("S-1").state()).as("the power is still away").isEqualTo(State.UNFINISHED);
        PAYEES_LEFT.set(Integer.MAX_VALUE);

        unfinished.finishAll();

        Statement finished = find("S-1");
        assertThat(finished.state()).isEqualTo(State.FINISHED);
        // the loads come twice in this file, the payments were made once
        assertThat(finished.totals()).isEqualTo(new StatementEvent.Totals(808, 12, 12, 0, 0));
        assertThat(expenditures()).isEqualTo(808);
        assertThat(jdbc.sql(
                                "SELECT DISTINCT metadata::jsonb ->> 'actor' FROM event_log WHERE stream_id LIKE 'account/%'")
                        .query(String.class)
                        .list())
                .containsExactly("finance");
        expected.properties().forEach(card -> {
            var load = uk.directpayments.ledger.kernel.Money.parse(
                    card.getValue().path("load").asString());
            var closing = uk.directpayments.ledger.kernel.Money.parse(
                    card.getValue().path("closing").asString());
            assertThat(holders.balance(String.valueOf(accounts.get(card.getKey()))))
                    .as("everything was bought twice on " + card.getKey())
                    .isEqualTo(closing.plus(closing).minus(load).toString());
        });
    }

    @Test
    void aRefundRecordedJustBeforeTheStopIsNotRecordedAgain() {
        String account = holders.open("R-1");
        String file = "accountRef,txnId,settledAt,type,amount,currency,merchantName,mcc\n"
                + "R-1,T1,2026-03-02T12:00:00Z,PURCHASE,-30.00,GBP,Corner Shop,5411\n"
                + "R-1,T2,2026-03-03T12:00:00Z,REFUND,10.00,GBP,Corner Shop,5411\n"
                + "R-1,T3,2026-03-04T12:00:00Z,REVERSAL,20.00,GBP,Corner Shop,5411\n"
                + "R-1,T4,2026-03-05T12:00:00Z,PURCHASE,-5.00,GBP,Corner Shop,5411\n";
        PAYEES_LEFT.set(5);
        assertThatIllegalStateException().isThrownBy(() -> take("S-2", file));
        assertThat(holders.balance(account)).isEqualTo("0.00");
        PAYEES_LEFT.set(Integer.MAX_VALUE);

        unfinished.finishAll();

        assertThat(find("S-2").totals()).isEqualTo(new StatementEvent.Totals(4, 0, 0, 0, 0));
        assertThat(holders.balance(account)).isEqualTo("-5.00");
    }

    @Test
    void linesKeptOfAFileThatWasNeverReceivedAreDroppedAtTheStart() {
        String file = "accountRef,txnId,settledAt,type,amount,currency,merchantName,mcc\n"
                + "K-1,T1,2026-03-02T12:00:00Z,PURCHASE,-30.00,GBP,Corner Shop,5411\n";
        take("S-4", file);
        StatementSources.Writer writer = sources.writer("S-5");
        sources.after("S-4", 0, 1).forEach(writer::add);
        writer.flush();

        unfinished.dropNeverReceived();

        assertThat(sources.statementIds()).contains("S-4").doesNotContain("S-5");
        assertThat(sources.after("S-4", 0, 10)).hasSize(1);
    }

    @Test
    void importsWaitForEachOtherForAWhile() {
        holders.open("W-1");
        CountDownLatch locked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CompletableFuture<Boolean> other = CompletableFuture.supplyAsync(() -> lock.alone(Duration.ZERO, () -> {
            locked.countDown();
            await(release);
            return true;
        }));
        await(locked);

        assertThatExceptionOfType(RuleBroken.class)
                .isThrownBy(() -> take("S-3", "accountRef,txnId,settledAt,type,amount,currency,merchantName,mcc\n"))
                .matches(refused -> refused.code().equals("BUSY"));
        release.countDown();
        assertThat(other.join()).isTrue();
        assertThat(register.find("S-3", View.now(BusinessDay.today(Clock.systemUTC()))))
                .isEmpty();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void take(String statementId, String file) {
        try {
            intake.take(
                    statementId,
                    new StatementIntake.Sent(
                            new ByteArrayResource(file.getBytes(StandardCharsets.UTF_8)), null, null, null, null),
                    CardHolders.CALL);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Statement find(String statementId) {
        return register.find(statementId, View.now(BusinessDay.today(Clock.systemUTC())))
                .orElseThrow();
    }

    private int expenditures() {
        return jdbc.sql("SELECT count(*) FROM event_log WHERE name = 'account.expenditure-recorded'")
                .query(Integer.class)
                .single();
    }

    @TestConfiguration(proxyBeanMethods = false)
    static class Power {

        @Bean
        static BeanPostProcessor power() {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    return bean instanceof Sealing sealing ? new Failing(sealing) : bean;
                }
            };
        }
    }

    private record Failing(Sealing real) implements Sealing {

        @Override
        public String opaque(String personId, String text) {
            if (PAYEES_LEFT.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
                throw new IllegalStateException("the power has failed");
            }
            return real.opaque(personId, text);
        }

        @Override
        public void admit(String personId) {
            real.admit(personId);
        }

        @Override
        public Sealed seal(String personId, String text) {
            return real.seal(personId, text);
        }

        @Override
        public String open(String personId, Sealed sealed) {
            return real.open(personId, sealed);
        }

        @Override
        public String token(String text) {
            return real.token(text);
        }

        @Override
        public void warm(Collection<String> personIds) {
            real.warm(personIds);
        }

        @Override
        public void destroy(String personId, long position, Instant at) {
            real.destroy(personId, position, at);
        }

        @Override
        public boolean destroyed(String personId) {
            return real.destroyed(personId);
        }

        @Override
        public void forget(String personId) {
            real.forget(personId);
        }

        @Override
        public void listErasures() {
            real.listErasures();
        }
    }
}
