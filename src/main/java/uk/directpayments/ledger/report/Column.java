package uk.directpayments.ledger.report;

/**
 * A column of a report.
 *
 * @param name     camelCase, unique within the report
 * @param totalled whether its values may be added up over all rows
 */
public record Column(String name, Type type, boolean totalled) {

    /** What the values of a column are. */
    public enum Type {
        /** A word or an id. */
        TEXT,
        /** Pounds; {@link uk.directpayments.ledger.kernel.Money}. */
        MONEY,
        /** A whole number. */
        NUMBER,
        DATE,
        /** True or false. */
        YES_NO
    }

    static Column text(String name) {
        return new Column(name, Type.TEXT, false);
    }

    /** Money that is added up. */
    static Column money(String name) {
        return new Column(name, Type.MONEY, true);
    }

    static Column number(String name) {
        return new Column(name, Type.NUMBER, false);
    }

    static Column date(String name) {
        return new Column(name, Type.DATE, false);
    }

    static Column yesNo(String name) {
        return new Column(name, Type.YES_NO, false);
    }

    Column notTotalled() {
        return new Column(name, type, false);
    }
}
