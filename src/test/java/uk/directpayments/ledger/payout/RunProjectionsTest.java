package uk.directpayments.ledger.payout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import uk.directpayments.ledger.account.AccountEvent.Frequency;
import uk.directpayments.ledger.account.AccountEvent.Instalment;
import uk.directpayments.ledger.account.AccountEvent.InstalmentsRecomputed;
import uk.directpayments.ledger.account.AccountEvent.InstalmentsScheduled;
import uk.directpayments.ledger.kernel.Money;
import uk.directpayments.ledger.platform.ProjectionDriver;
import uk.directpayments.ledger.platform.ProjectionDriver.Fact;
import uk.directpayments.ledger.support.TestPostgres;

/** Payables and the register of runs have the same rows however many events they are given at a time: rulebook 7.10, number 4. */
class RunProjectionsTest {

    private static final LocalDate DAY = LocalDate.of(2025, 4, 1);
    private TestPostgres.Database database;
    private ProjectionDriver driver;

    @BeforeEach
    void start() {
        database = TestPostgres.freshDatabase();
        driver = new ProjectionDriver(database, new Payables(), new RunRegister());
    }

    @AfterEach
    void stop() {
        driver.assertNothingParked();
        database.close();
    }

    @Test
    void anInstalmentThatIsRecomputedMoreThanOnceInABatchHasItsLastAmount() {
        driver.append(IntStream.range(0, 100)
                .mapToObj(i -> account("A" + i, scheduled()))
                .toList());
        driver.deliverAll();
        // among many the database looks up the few one by one, and takes the first of those that name the same
        driver.jdbc().sql("ANALYZE payables_instalment").update();
        driver.append(Stream.of("80.00", "120.00", "60.00", "90.00")
                .map(amount -> account(
                        "A7",
                        new InstalmentsRecomputed(
                                "S", "L1", List.of(instalments(amount).get(0)), DAY)))
                .toList());
        driver.deliverAll();
        assertThat(driver.jdbc()
                        .sql("SELECT pence FROM payables_instalment WHERE account_id = 'A7' AND instalment_id = 'S.1'")
                        .query(Long.class)
                        .single())
                .isEqualTo(9_000);
        assertThat(driver.jdbc()
                        .sql("SELECT count(*) FROM payables_instalment WHERE pence <> 10000")
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }

    private static Fact account(String id, Object event) {
        return new Fact(id, "P", event, DAY);
    }

    private static InstalmentsScheduled scheduled() {
        return new InstalmentsScheduled("S", "L1", Frequency.WEEKLY, instalments("100.00"), DAY);
    }

    private static List<Instalment> instalments(String amount) {
        return IntStream.rangeClosed(1, 52)
                .mapToObj(number ->
                        new Instalment("S." + number, number, DAY.plusWeeks(number), pounds(amount), Money.ZERO))
                .toList();
    }

    private static Money pounds(String amount) {
        return Money.parse(amount);
    }
}
