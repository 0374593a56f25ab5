package dev.eventshop.standalone.server;

import java.util.Optional;

/** Who issues the tokens that the services believe. */
public interface IssuerServer extends Server {

    /**
     * A program that may do what operators may.
     *
     * @param tokenEndpoint where it gets its tokens for its id and secret (client credentials)
     */
    record OperatorClient(String tokenEndpoint, String id, String secret) {

        /** Without the secret. */
        @Override
        public String toString() {
            return "OperatorClient[" + id + "]";
        }
    }

    /** @return whether its tokens can be had with the command {@code token}, since its key is in the data folder */
    boolean isEmbedded();

    /** @return a new link that the operator logs in with, once; empty when the operator has logged in before */
    default Optional<String> firstLogin() {
        return Optional.empty();
    }

    /** No link is wanted, now or at a later start. */
    default void forgetFirstLogin() {}

    /** @return empty when none is known here */
    Optional<OperatorClient> operatorClient();
}
