package uk.directpayments.ledger.platform;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** Opens the home, whichever database is used: the ledger's keys lie there too. */
@Configuration(proxyBeanMethods = false)
class HomeConfiguration {

    @Bean
    @Profile("!drill")
    Home home(@Value("${ledger.home}") Path path) {
        return Home.open(path);
    }

    /** A copy of a backup of the home, which nothing but the drill will see. */
    @Bean
    @Profile("drill")
    ScratchHome scratch(
            @Value("${ledger.drill.backup:#{null}}") @Nullable Path backup,
            @Value("${ledger.drill.checkpoint:#{null}}") @Nullable Path checkpoint,
            @Value("${ledger.drill.erasures:}") @Nullable Path erasures,
            @Value("${axon.axonserver.enabled:false}") boolean onAxonServer) {
        if (onAxonServer) {
            throw new StartRefused(
                    "A restore is tried without Axon Server, which is the one in use: leave out the profile axonserver. The copy"
                            + " of the log in the database is what is tried.");
        }
        if (backup == null || checkpoint == null) {
            throw new StartRefused(
                    "To try a restore, name ledger.drill.backup, a copy of the home, and ledger.drill.checkpoint,"
                            + " that file of it as it was kept elsewhere (src/docs/operating/backup.md).");
        }
        return ScratchHome.of(backup, checkpoint, erasures);
    }

    @Bean
    @Profile("drill")
    Home restoredHome(ScratchHome scratch) {
        return Home.open(scratch.path());
    }
}
