/** The server's own main class is only in its installer; this one also ends with whoever started it. */
public class StartTrino {
    public static void main(String[] versions) {
        Thread watch = new Thread(() -> {
            try {
                System.in.transferTo(java.io.OutputStream.nullOutputStream());
            } catch (java.io.IOException gone) {
                // as good as the end of the input
            }
            Runtime.getRuntime().halt(0);
        });
        watch.setDaemon(true);
        watch.start();
        new io.trino.server.Server().start(versions[0]);
    }
}
