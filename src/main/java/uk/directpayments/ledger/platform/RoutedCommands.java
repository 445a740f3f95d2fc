package uk.directpayments.ledger.platform;

import org.axonframework.commandhandling.CommandCallback;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.CommandResultMessage;
import org.axonframework.commandhandling.GenericCommandResultMessage;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.common.transaction.TransactionManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides the commands that are routed to this node. An exception would reach the node that asks as a text without its type, so what a failure
 * comes to is said here, as an outcome: what Axon Server itself says of a command is then never about a decision.
 */
final class RoutedCommands extends SimpleCommandBus {

    private static final Logger logger = LoggerFactory.getLogger(RoutedCommands.class);

    RoutedCommands(TransactionManager transactions) {
        super(builder().transactionManager(transactions));
    }

    @Override
    public <C, R> void dispatch(CommandMessage<C> command, CommandCallback<? super C, ? super R> callback) {
        super.<C, R>dispatch(command, (message, result) -> callback.onResult(message, told(result)));
    }

    private static <R> CommandResultMessage<? extends R> told(CommandResultMessage<? extends R> result) {
        if (result.isExceptional() && result.exceptionResult() instanceof RuntimeException failure) {
            try {
                return GenericCommandResultMessage.asCommandResultMessage(Outcome.of(failure));
            } catch (RuntimeException unforeseen) {
                logger.error(
                        "a command failed in a way that nobody foresaw: {}", ProjectionInvoker.describe(unforeseen));
                return GenericCommandResultMessage.asCommandResultMessage(Outcome.FAILED);
            }
        }
        return result;
    }
}
