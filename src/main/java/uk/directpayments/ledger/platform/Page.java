package uk.directpayments.ledger.platform;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list, as it is answered. Made by {@link Paging#page}.
 *
 * @param next the cursor that fetches the next page, or null on the last
 */
public record Page<T>(List<T> items, @Nullable String next) {}
