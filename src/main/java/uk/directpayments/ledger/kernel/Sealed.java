package uk.directpayments.ledger.kernel;

/**
 * Personal text (a name, a date of birth, a payee, bank details, free text) as it is kept: encrypted under the key of the person
 * whose budget it concerns. Commands, events, aggregates and projections carry only this form; {@code platform.Sealing} makes
 * it in an Api and opens it again when a read is answered. Its {@link #toString()} says nothing.
 *
 * @param sealed the ciphertext, base64url without padding, at most a third longer than the text's UTF-8 bytes plus 66 characters
 */
public record Sealed(String sealed) {

    @Override
    public String toString() {
        return "[sealed]";
    }
}
