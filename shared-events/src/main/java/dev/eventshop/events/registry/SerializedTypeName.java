package dev.eventshop.events.registry;

/**
 * How a class is named where it is stored.
 *
 * @param name     logical name, never a Java class name
 * @param revision revision of the stored form, for example {@code 1.0}
 */
public record SerializedTypeName(String name, String revision) {}
