package uk.directpayments.ledger.person;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.platform.LedgerCommand;

/** What may be asked of a person's record. {@code today} is the business day on which it is asked. */
public sealed interface PersonCommand extends LedgerCommand {

    String personId();

    @Override
    default String streamId() {
        return "person/" + personId();
    }

    /** Opens the record. Refused: {@code ID_ALREADY_USED}. */
    record RegisterPerson(
            String personId,
            Sealed name,
            Sealed dateOfBirth,
            LocalDate eighteenOn,
            @Nullable Sealed reference,
            LocalDate today)
            implements PersonCommand {}

    /** Corrects what was registered wrongly; what is null stays. Refused: {@code REASONS_REQUIRED}, {@code DATE_BEFORE_START}. */
    record CorrectPerson(
            String personId,
            @Nullable Sealed name,
            @Nullable Sealed dateOfBirth,
            @Nullable LocalDate eighteenOn,
            @Nullable Sealed reason,
            LocalDate today)
            implements PersonCommand {}

    /** Records a death, or corrects its date. Refused: {@code DATE_IN_FUTURE}, {@code DATE_BEFORE_START}. */
    record RecordDeath(String personId, LocalDate on, LocalDate today) implements PersonCommand {}

    /**
     * Erases the person. Refused: {@code REASONS_REQUIRED}, {@code ALREADY_ERASED}, {@code ACCOUNT_NOT_CLOSED}.
     *
     * @param receipt     signed beforehand: its key lies where no aggregate reaches
     * @param accountOpen whether any payment account of the person was open at {@link ErasureReceipt#knownTo()}
     */
    record ErasePerson(String personId, ErasureReceipt receipt, boolean accountOpen, LocalDate today)
            implements PersonCommand {}
}
