package uk.directpayments.ledger.platform;

import java.nio.file.Path;

/** Opens a home, says so, and keeps it until it is killed. */
class HomeChild {

    public static void main(String[] arguments) throws Exception {
        try {
            Home.open(Path.of(arguments[0]));
            System.out.println("opened by " + ProcessHandle.current().pid());
        } catch (StartRefused e) {
            System.out.println("refused: " + e.getMessage());
            return;
        }
        Thread.currentThread().join();
    }
}
