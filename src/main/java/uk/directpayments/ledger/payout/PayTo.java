package uk.directpayments.ledger.payout;

/**
 * Where a payment goes, as the bank is told: sealed in the run from the moment it was selected, so that a file never changes afterwards.
 *
 * @param sortCode      six digits
 * @param accountNumber eight digits
 * @param reference     what the payee's bank shows beside it
 */
record PayTo(String sortCode, String accountNumber, String name, String reference) {

    /** To be sealed. */
    String text() {
        return sortCode + " " + accountNumber + "\n" + reference + "\n" + name;
    }

    static PayTo parse(String text) {
        String[] parts = text.split("\n", 3);
        String[] account = parts[0].split(" ");
        return new PayTo(account[0], account[1], parts[2], parts[1]);
    }

    /** Without the details, which are personal. */
    @Override
    public String toString() {
        return "[pay to]";
    }
}
