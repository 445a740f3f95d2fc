package uk.directpayments.ledger.intake;

import java.util.List;
import java.util.Map;
import java.util.Set;
import uk.directpayments.ledger.intake.SeenLines.Sight;
import uk.directpayments.ledger.intake.StatementLines.Told;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * What earlier files have told under the references of lines: {@link SeenLines} over files. Of a line in an earlier file only its day and
 * amount are known without its person's key.
 */
record ComeBefore(Map<Reference, Set<Told>> told) {

    /** By what a line is the same line in every file of its format. */
    record Reference(String accountId, StatementLine.Kind kind, long refHash) {}

    /** What a line is to those of earlier files. One that is known by its content contradicts none. @param references {@link LineReferences#all} */
    Sight see(List<Reference> references, StatementLine line) {
        List<Told> before = references.stream()
                .flatMap(reference -> told.getOrDefault(reference, Set.of()).stream())
                .toList();
        if (before.contains(new Told(line.on(), line.amount()))) {
            return Sight.REPEATED;
        }
        return before.isEmpty() || line.unnumbered() != null ? Sight.NEW : Sight.CONTRADICTED;
    }

    /** Why a line is rejected that earlier files contradict. */
    static RuleBroken contradicted() {
        return new RuleBroken(
                "DUPLICATE_TRANSACTION",
                "The line's reference has come before, with another amount or on another day.");
    }
}
