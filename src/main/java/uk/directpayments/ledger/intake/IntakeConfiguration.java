package uk.directpayments.ledger.intake;

import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The formats that statements may come in, and how large they may be. */
@Configuration(proxyBeanMethods = false)
class IntakeConfiguration {

    /** See {@link StatementLimits}; {@code ledger.statements.max-lines}, {@code max-line-characters}, {@code max-accounts}. */
    @Bean
    StatementFormats statementFormats(
            @Value("${ledger.statements.max-lines:1000000}") int lines,
            @Value("${ledger.statements.max-line-characters:65536}") int lineCharacters,
            @Value("${ledger.statements.max-accounts:50000}") int accounts) {
        StatementLimits limits = new StatementLimits(lines, lineCharacters, accounts);
        return new StatementFormats(List.of(
                new CardFeedReader(limits, null),
                new SpendingReader(limits),
                new CamtReader(limits),
                new OfxReader(limits),
                new Mt940Reader(limits),
                new CsvStatementReader(limits, null)));
    }
}
