package uk.directpayments.ledger.platform;

import java.util.LinkedHashMap;
import java.util.Map;

/** The newest of many. Not safe for several threads by itself. */
final class Remembered<K, V> extends LinkedHashMap<K, V> {

    private final int most;

    Remembered(int most) {
        this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > most;
    }
}
