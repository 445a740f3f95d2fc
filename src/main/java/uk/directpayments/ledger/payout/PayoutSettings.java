package uk.directpayments.ledger.payout;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.payout.RunEvent.Originator;

/** How a council pays. Every setting has a default, with which no bank would pay anybody: the council's own are in {@code starting.md}. */
@Component
class PayoutSettings {

    private static final String UNSET = "00000000";

    private final Originator originator;
    private final Originator cards;
    private final int mostItems;

    PayoutSettings(
            @Value("${ledger.payout.name:SYNTHETIC COUNCIL}") String name,
            @Value("${ledger.payout.sort-code:000000}") String sortCode,
            @Value("${ledger.payout.account-number:00000000}") String accountNumber,
            @Value("${ledger.payout.service-user-number:000000}") String serviceUserNumber,
            @Value("${ledger.payout.cards.name:CARD PLATFORM}") String cardsName,
            @Value("${ledger.payout.cards.sort-code:000000}") String cardsSortCode,
            @Value("${ledger.payout.cards.account-number:00000000}") String cardsAccountNumber,
            @Value("${ledger.payout.most-items:50000}") int mostItems) {
        this.originator = new Originator(
                name,
                digits("sort-code", sortCode, 6),
                digits("account-number", accountNumber, 8),
                digits("service-user-number", serviceUserNumber, 6));
        this.cards = new Originator(
                cardsName,
                digits("cards.sort-code", cardsSortCode, 6),
                digits("cards.account-number", cardsAccountNumber, 8),
                "");
        this.mostItems = mostItems;
    }

    private static String digits(String setting, String value, int count) {
        if (!Pattern.matches("[0-9]{" + count + "}", value)) {
            throw new IllegalArgumentException("ledger.payout." + setting + " must be " + count + " digits");
        }
        return value;
    }

    Originator originator() {
        return originator;
    }

    /** Where cards are loaded: the platform's own bank account; null if the council pays for real and has not said where. */
    @Nullable
    Originator cards() {
        boolean real = !originator.accountNumber().equals(UNSET);
        return real && cards.accountNumber().equals(UNSET) ? null : cards;
    }

    int mostItems() {
        return mostItems;
    }
}
