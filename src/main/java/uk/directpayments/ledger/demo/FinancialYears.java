package uk.directpayments.ledger.demo;

import java.time.LocalDate;
import java.time.Month;

/** The history's two financial years, 1 April to 31 March: the one before, and the one that a day lies in, up to that day. */
record FinancialYears(LocalDate today) {

    LocalDate thisFrom() {
        LocalDate april = LocalDate.of(today.getYear(), Month.APRIL, 1);
        return today.isBefore(april) ? april.minusYears(1) : april;
    }

    LocalDate thisTo() {
        return thisFrom().plusYears(1).minusDays(1);
    }

    LocalDate lastFrom() {
        return thisFrom().minusYears(1);
    }

    LocalDate lastTo() {
        return thisFrom().minusDays(1);
    }

    /** A day of the earlier year, which has all happened. */
    LocalDate lastYear(int day) {
        return lastFrom().plusDays(day);
    }
}
