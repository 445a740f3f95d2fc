package uk.directpayments.ledger.account;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import uk.directpayments.ledger.kernel.RuleBroken;
import uk.directpayments.ledger.kernel.Sealed;
import uk.directpayments.ledger.platform.Sealing;

/**
 * Where an account's money lies: a bank account or a card. Kept sealed; found again by a token, the keyed hash of sort code and account number or
 * of the card's reference.
 */
@Component
public class BankReference {

    private static final Pattern SORT_CODE = Pattern.compile("[0-9]{6}|[0-9]{2}-[0-9]{2}-[0-9]{2}");
    private static final Pattern ACCOUNT_NUMBER = Pattern.compile("[0-9]{8}");
    private static final Pattern CARD_REF = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    /** As banks write an account in their files: IBAN, or sort code and number, perhaps after a BIC and before the currency. */
    private static final Pattern NAMED = Pattern.compile(
            "(?:GB[0-9]{2}[A-Z]{4}|[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)?([0-9]{6})(?:\\1)?([0-9]{8})(?:GBP)?");

    private static final int SHOWN = 4;
    private static final String MASK = "****";

    private final Sealing sealing;
    private final ModulusCheck modulus;

    /** @param weights path of the table of modulus weights; {@code ledger.bank.modulus-weights}, default none: nothing is checked */
    BankReference(Sealing sealing, @Value("${ledger.bank.modulus-weights:}") String weights) {
        this.sealing = sealing;
        this.modulus = weights.isBlank() ? ModulusCheck.off() : ModulusCheck.of(Path.of(weights));
    }

    /** @param modulus {@link ModulusCheck.Result#NOT_COVERED} for a card */
    record Given(Sealed details, String token, ModulusCheck.Result modulus) {}

    /** Null if nothing was given. @throws RuleBroken {@code BANK_DETAILS_INVALID} */
    @Nullable
    Given read(String personId, AccountApi.@Nullable BankDetails given) {
        if (given == null) {
            return null;
        }
        String sortCode = given.sortCode();
        String accountNumber = given.accountNumber();
        String cardRef = given.cardRef();
        if (cardRef != null && sortCode == null && accountNumber == null) {
            if (!CARD_REF.matcher(cardRef).matches() || looksLikeCardNumber(cardRef)) {
                throw invalid("A card is named by the platform's reference, never by its number.");
            }
            return new Given(
                    sealing.seal(personId, "card " + cardRef), cardToken(cardRef), ModulusCheck.Result.NOT_COVERED);
        }
        if (cardRef != null || sortCode == null || accountNumber == null) {
            throw invalid("Give either sortCode and accountNumber or cardRef.");
        }
        if (!SORT_CODE.matcher(sortCode).matches()
                || !ACCOUNT_NUMBER.matcher(accountNumber).matches()) {
            throw invalid("A sort code has six digits and an account number eight.");
        }
        String plain = sortCode.replace("-", "");
        ModulusCheck.Result checked = modulus.check(plain, accountNumber);
        if (checked == ModulusCheck.Result.FAILED) {
            throw invalid("The sort code and the account number do not fit each other: one of their digits is wrong.");
        }
        String account = plain + " " + accountNumber;
        return new Given(sealing.seal(personId, "bank " + account), sealing.token("bank " + account), checked);
    }

    /** By what a bank's file finds an account; empty if it does not name it by sort code and account number, alone or within an IBAN. */
    public Optional<String> bankToken(String named) {
        Matcher account = NAMED.matcher(named.replaceAll("[ /-]", "").toUpperCase(Locale.ROOT));
        return account.matches()
                ? Optional.of(sealing.token("bank " + account.group(1) + " " + account.group(2)))
                : Optional.empty();
    }

    /** Whether they are of a bank account, and not of a card. */
    public boolean isBank(String personId, Sealed details) {
        return sealing.open(personId, details).startsWith("bank ");
    }

    /** By what a card feed finds an account. */
    public String cardToken(String cardRef) {
        return sealing.token("card " + cardRef);
    }

    /** The last four of the account number or card reference, whoever asks; null if the account has neither. */
    @Nullable
    String masked(String personId, @Nullable Sealed details) {
        if (details == null) {
            return null;
        }
        String opened = sealing.open(personId, details);
        if (opened.equals(Sealing.ERASED)) {
            return opened;
        }
        String number = opened.substring(opened.lastIndexOf(' ') + 1);
        return number.length() <= SHOWN ? MASK : MASK + number.substring(number.length() - SHOWN);
    }

    private static boolean looksLikeCardNumber(String reference) {
        return reference.length() >= 13
                && reference.length() <= 19
                && reference.chars().allMatch(Character::isDigit);
    }

    private static RuleBroken invalid(String words) {
        return new RuleBroken("BANK_DETAILS_INVALID", words, "bankDetails");
    }
}
