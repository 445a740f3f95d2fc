package uk.directpayments.ledger.report;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** @param position of the log, at which this was the answer */
record ReportHead(String report, LocalDate asOf, @Nullable Instant knownAt, long position, List<Column> columns) {}
