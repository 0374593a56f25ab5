package dev.eventshop.standalone.demo;

import dev.eventshop.standalone.client.ShopClient;
import dev.eventshop.standalone.client.ShopClient.Item;
import dev.eventshop.standalone.client.Written;
import dev.eventshop.standalone.console.Progress;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Fills a shop with products, users and orders in every state, through its public interface. What is there already is
 * left as it is: a product by its name, and a user, with all orders, by the email.
 */
public final class DemoData {

    private static final Duration CONFIRMATION = Duration.ofSeconds(30);

    private static final List<Product> PRODUCTS = List.of(
            new Product("Green tea, 250 g", 12),
            new Product("Oolong tea, 100 g", 18),
            new Product("Earl Grey, 250 g", 11),
            new Product("Coffee beans, 1 kg", 24),
            new Product("Coffee filter", 5),
            new Product("Teapot, cast iron", 59),
            new Product("Teapot, glass", 32),
            new Product("Cup and saucer", 14),
            new Product("Kettle", 45),
            new Product("Honey, 500 g", 9),
            new Product("Biscuits", 4),
            new Product("Gift box", 39));

    private static final List<User> USERS = List.of(
            new User("ada", "Ada Lovelace", "en"),
            new User("alan", "Alan Turing", "en"),
            new User("grace", "Grace Hopper", "en"),
            new User("edsger", "Edsger Dijkstra", "en"),
            new User("barbara", "Barbara Liskov", "en"),
            new User("lan", "Nguyễn Thị Lan", "vi"),
            new User("minh", "Trần Văn Minh", "vi"),
            new User("hoa", "Lê Thị Hoa", "vi"));

    private static final int STOCK = 500;

    private record Product(String name, int price) {}

    private record User(String name, String fullName, String locale) {

        String email() {
            return name + "@demo.eventshop.example";
        }
    }

    /** What becomes of an order. Every user has one of each. */
    private enum Fate {
        CONFIRMED,
        SHIPPED,
        COMPLETED,
        CANCELLED
    }

    private final ShopClient shop;
    private final Progress progress;

    public DemoData(ShopClient shop, Progress progress) {
        this.shop = shop;
        this.progress = progress;
    }

    /** @return how many steps the {@link Progress} will see */
    public static int steps() {
        return PRODUCTS.size() + USERS.size() * (1 + Fate.values().length);
    }

    /**
     * @return how many orders were placed; 0 when all users were there already
     * @throws dev.eventshop.standalone.client.UnexpectedAnswer when the shop does not do what it should; a second run
     *     goes on with the next user
     */
    public int fill() {
        List<Integer> products = new ArrayList<>();
        for (Product product : PRODUCTS) {
            products.add(find(product.name())
                    .orElseGet(() -> shop.createProduct(product.name(), BigDecimal.valueOf(product.price()), STOCK)
                            .id()));
            progress.step();
        }
        int orders = 0;
        for (int number = 0; number < USERS.size(); number++) {
            User user = USERS.get(number);
            Optional<Written> registered = shop.register(user.email(), user.fullName(), user.locale());
            progress.step();
            for (Fate fate : Fate.values()) {
                if (registered.isPresent()) {
                    order(registered.get().id(), basket(products, number, fate), fate);
                    orders++;
                }
                progress.step();
            }
        }
        return orders;
    }

    private Optional<Integer> find(String name) {
        String search = URLEncoder.encode(name, StandardCharsets.UTF_8);
        for (JsonNode product :
                shop.read("/api/products?limit=200&search=" + search).path("items")) {
            if (product.path("name").asString().equals(name)) {
                return Optional.of(product.path("productId").asInt());
            }
        }
        return Optional.empty();
    }

    /** @return one to three different products, others for each order */
    private static List<Item> basket(List<Integer> products, int user, Fate fate) {
        int first = user * 5 + fate.ordinal() * 2;
        List<Item> items = new ArrayList<>();
        for (int i = 0; i <= (user + fate.ordinal()) % 3; i++) {
            items.add(new Item(products.get((first + i * 3) % products.size()), 1 + (first + i) % 3));
        }
        return items;
    }

    private void order(int user, List<Item> items, Fate fate) {
        Written order = shop.placeOrder(user, items);
        shop.awaitConfirmed(order, CONFIRMATION);
        switch (fate) {
            case CONFIRMED -> {}
            case SHIPPED -> shop.ship(order.id());
            case COMPLETED -> {
                shop.ship(order.id());
                shop.complete(order.id());
            }
            case CANCELLED -> shop.cancel(order.id(), "ordered by mistake");
        }
    }
}
