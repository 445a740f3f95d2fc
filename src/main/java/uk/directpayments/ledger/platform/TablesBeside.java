package uk.directpayments.ledger.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Migrates the database, but not under the feet of a node that lives on it and does not know the new tables. A migration that earlier versions need not
 * know of, because it only adds, says so in its first line: {@value #BESIDE}. Beside any other no node runs that does not have it.
 */
final class TablesBeside implements FlywayMigrationStrategy {

    private static final String BESIDE = "-- runs beside earlier versions";
    private static final String FOLDER = "db/migration/";
    private static final long PAUSE_MILLIS = 500;

    private final NodeName name;
    private final boolean drill;

    /** @param drill whether nothing else may use the database: what is done there to a copy would harm a living ledger */
    TablesBeside(NodeName name, boolean drill) {
        this.name = name;
        this.drill = drill;
    }

    /** Waits for nodes that were killed to count as gone. */
    @Override
    public void migrate(Flyway flyway) {
        JdbcClient jdbc = JdbcClient.create(flyway.getConfiguration().getDataSource());
        if (jdbc.sql("SELECT to_regclass('node') IS NOT NULL")
                .query(Boolean.class)
                .single()) {
            if (drill) {
                requireNobody(jdbc);
            }
            Nodes.Tables tables = of(flyway);
            long deadline = System.nanoTime() + Nodes.SILENCE.toNanos() + Nodes.BEAT.toNanos();
            while (strange(jdbc, name.home(), tables).isPresent() && System.nanoTime() < deadline) {
                pause();
            }
            alone(flyway, () -> {
                require(jdbc, name.home(), tables);
                flyway.migrate();
            });
        } else {
            flyway.migrate();
        }
    }

    /** What a backup says of nodes falls silent; what a living node says it says again. */
    private static void requireNobody(JdbcClient jdbc) {
        Optional<OffsetDateTime> first = lastSeen(jdbc);
        for (Optional<OffsetDateTime> last = first; last.isPresent(); last = lastSeen(jdbc)) {
            if (!last.equals(first)) {
                throw new StartRefused(
                        "A ledger is running on this database: restore the backup into a database that nothing else uses, and name"
                                + " that with spring.datasource.url (src/docs/operating/backup.md).");
            }
            pause();
        }
    }

    private static Optional<OffsetDateTime> lastSeen(JdbcClient jdbc) {
        return jdbc.sql("SELECT seen_at FROM node WHERE seen_at > clock_timestamp() - make_interval(secs => :silence)"
                        + " ORDER BY seen_at DESC LIMIT 1")
                .param("silence", Nodes.SILENCE.toSeconds())
                .query((row, i) -> row.getObject(1, OffsetDateTime.class))
                .optional();
    }

    /** While no node registers: it might not know what is migrated under it. */
    private static void alone(Flyway flyway, Runnable work) {
        try (Connection connection = flyway.getConfiguration().getDataSource().getConnection();
                Statement lock = connection.createStatement()) {
            lock.execute("SELECT pg_advisory_lock(" + Nodes.LOCK + ")");
            try {
                work.run();
            } finally {
                lock.execute("SELECT pg_advisory_unlock(" + Nodes.LOCK + ")");
            }
        } catch (SQLException e) {
            throw new CannotGetJdbcConnectionException("a lock of all nodes", e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** What this version has. */
    static Nodes.Tables of(Flyway flyway) {
        List<MigrationInfo> own = Arrays.stream(flyway.info().all())
                .filter(migration -> migration.getVersion() != null && isOurs(migration))
                .toList();
        return new Nodes.Tables(
                newest(own),
                newest(own.stream().filter(migration -> !isBeside(migration)).toList()));
    }

    private static String newest(List<MigrationInfo> migrations) {
        return migrations.stream()
                .map(MigrationInfo::getVersion)
                .max(MigrationVersion::compareTo)
                .map(MigrationVersion::getVersion)
                .orElse("0");
    }

    private static boolean isOurs(MigrationInfo migration) {
        return new ClassPathResource(FOLDER + migration.getScript()).exists();
    }

    private static boolean isBeside(MigrationInfo migration) {
        try {
            return new ClassPathResource(FOLDER + migration.getScript())
                    .getContentAsString(StandardCharsets.UTF_8)
                    .startsWith(BESIDE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Two nodes fit if each knows the tables that the other needs.
     *
     * @param home whose own earlier process is dead
     * @throws StartRefused if a living node does not
     */
    static void require(JdbcClient jdbc, String home, Nodes.Tables mine) {
        strange(jdbc, home, mine).ifPresent(theirs -> {
            throw new StartRefused(
                    isNewer(mine.needed(), theirs.known())
                            ? "A node of an earlier version is running on this database, and does not know the tables of this one (it has migrations up to V"
                                    + theirs.known() + ", and V" + mine.needed()
                                    + " changes what it uses): stop every node of that version first."
                            : "A node of a later version is running on this database, whose tables this one does not know (it has migrations up to V"
                                    + mine.known() + ", and V" + theirs.needed()
                                    + " changes what it uses): start that version here too.");
        });
    }

    private static Optional<Nodes.Tables> strange(JdbcClient jdbc, String home, Nodes.Tables mine) {
        return jdbc
                .sql("""
                        SELECT tables_known, tables_needed FROM node
                         WHERE seen_at > clock_timestamp() - make_interval(secs => :silence) AND NOT starts_with(process, :home || '/')""")
                .param("silence", Nodes.SILENCE.toSeconds())
                .param("home", home)
                .query((row, i) -> new Nodes.Tables(row.getString(1), row.getString(2)))
                .list()
                .stream()
                .filter(theirs -> isNewer(mine.needed(), theirs.known()) || isNewer(theirs.needed(), mine.known()))
                .findFirst();
    }

    private static boolean isNewer(String one, String other) {
        return MigrationVersion.fromVersion(one).compareTo(MigrationVersion.fromVersion(other)) > 0;
    }
}
