package uk.directpayments.ledger.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.person.PersonCommand;
import uk.directpayments.ledger.person.PersonDirectory;
import uk.directpayments.ledger.support.TestPostgres;

@SpringBootTest
class PlatformTest {

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry registry) {
        TestPostgres.properties(registry);
    }

    @Autowired
    Commands commands;

    @Autowired
    Sealing sealing;

    @Autowired
    PersonDirectory directory;

    @Test
    void aPersonRegisteredIsFoundAndItsKeyAnswersAgain() {
        sealing.admit("P1");
        var command = new PersonCommand.RegisterPerson(
                "P1",
                sealing.seal("P1", "Ada"),
                sealing.seal("P1", "2010-01-01"),
                LocalDate.of(2028, 1, 1),
                null,
                LocalDate.of(2026, 1, 1));
        var call = new Call(new Actor("finance", Actor.Role.FINANCE, null), "k1", "r1", "c1");
        long t = System.nanoTime();
        Outcome first = commands.send(command, call);
        System.err.println("first " + (System.nanoTime() - t) / 1e6);
        Outcome second = commands.send(command, call);
        assertThat(first.replayed()).isFalse();
        assertThat(second.replayed()).isTrue();
        assertThat(second.events()).isEqualTo(first.events());
        t = System.nanoTime();
        assertThat(directory.find("P1", View.now(LocalDate.now()))).isPresent();
        System.err.println("found " + (System.nanoTime() - t) / 1e6);
        for (int i = 0; i < 20; i++) {
            t = System.nanoTime();
            commands.send(
                    new PersonCommand.CorrectPerson(
                            "P1",
                            sealing.seal("P1", "Ada " + i),
                            null,
                            null,
                            sealing.seal("P1", "typo"),
                            LocalDate.now()),
                    new Call(call.actor(), "c" + i, "r", "c"));
            long m = System.nanoTime();
            directory.find("P1", View.now(LocalDate.now()));
            System.err.println("write " + (m - t) / 1e6 + " read " + (System.nanoTime() - m) / 1e6);
        }
    }
}
