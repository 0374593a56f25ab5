package dev.eventshop.messaging;

/** Another event of the tests. */
public record Forgotten(int number) {}
