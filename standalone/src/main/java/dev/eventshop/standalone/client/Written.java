package dev.eventshop.standalone.client;

/**
 * A command that was carried out.
 *
 * @param id       of what was created, or of what the command was for
 * @param position of the event store after it, for reads to wait for
 */
public record Written(int id, String position) {}
