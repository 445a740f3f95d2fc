package uk.directpayments.ledger.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What a process is called that claims processors: the name of its home, which stays, and one of its own. So no two processes ever
 * share a claim, and a process knows the claims of those that died at its home before it: a home has one process at a time.
 */
record NodeName(String home, String process) {

    static final String FILE = "node";

    static NodeName of(Home home) {
        Path file = home.resolve(FILE);
        try {
            if (Files.notExists(file)) {
                Files.writeString(file, UUID.randomUUID().toString());
            }
            return new NodeName(
                    Files.readString(file).strip(), UUID.randomUUID().toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The owner of a claim. */
    String owner() {
        return home + "/" + process;
    }

    /** Frees what an earlier process at this home held when it died: nobody need wait until such claims time out. */
    void takeOver(JdbcClient jdbc) {
        jdbc.sql("UPDATE token_entry SET owner = NULL WHERE starts_with(owner, :home || '/')")
                .param("home", home)
                .update();
    }
}
