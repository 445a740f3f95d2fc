package uk.directpayments.ledger.intake;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.intake.ComeBefore.Reference;
import uk.directpayments.ledger.platform.Sealing;

/**
 * By what lines are known in the log, in clear. A bank's reference stands as it is. What a reader made of what a line says (payee and words, or a
 * reference that may be a card's number) is keyed with the ledger's key: a guess cannot be tried on it, also not after the person has been erased.
 */
@Component
class LineReferences {

    private static final Pattern OF_CONTENT =
            Pattern.compile("(entry|content|reference|apart):[0-9a-f]{32}(?::[0-9]+)?");

    private final Sealing sealing;

    LineReferences(Sealing sealing) {
        this.sealing = sealing;
    }

    String inClear(StatementLine line) {
        Matcher made = OF_CONTENT.matcher(line.externalRef());
        return made.matches() ? made.group(1) + ":" + sealing.token("line " + line.externalRef()) : line.externalRef();
    }

    /** 64 bits of it. */
    long hash(StatementLine line) {
        return MatchEntries.reference(inClear(line));
    }

    /** Of its own reference, and of the one by which those who paid or were paid know it. */
    Set<Long> hashes(StatementLine line) {
        StatementLine.Unnumbered unnumbered = line.unnumbered();
        return unnumbered == null || unnumbered.reference() == null
                ? Set.of(hash(line))
                : Set.of(hash(line), MatchEntries.reference(unnumbered.reference()));
    }

    /** The references under which a line may have come: its own, and what it was in logs that are older. */
    List<Reference> all(String accountId, StatementLine line) {
        StatementLine.Unnumbered unnumbered = line.unnumbered();
        Stream<@Nullable String> earlier =
                unnumbered == null ? Stream.of() : Stream.of(unnumbered.earlierRef(), unnumbered.filledIn());
        return Stream.concat(Stream.of(inClear(line), line.externalRef()), earlier)
                .filter(Objects::nonNull)
                .distinct()
                .map(reference -> new Reference(accountId, line.kind(), MatchEntries.reference(reference)))
                .toList();
    }
}
