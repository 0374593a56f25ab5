package dev.eventshop.command.order.fulfilment;

/** Takes steps that a saga asks for, within its unit of work. */
interface FulfilmentSteps {

    /**
     * Returns when the step is taken, or when it is certain to be tried again later, once the unit of work is committed.
     *
     * @throws RuntimeException when neither can be had at the moment; nothing must be committed then
     */
    void take(FulfilmentStep step);
}
