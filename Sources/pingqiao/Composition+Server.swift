import Foundation
import Kernel
import Pipeline
import Server
import Storage

extension Composition {
    /// What the handlers of the server ask.
    func serverRooms() throws -> ServerRooms {
        let store = store.store
        return ServerRooms(
            store: self.store, reception: reception, vouchers: vouchers, cases: cases, signIn: signIn, people: people,
            setup: setup, companies: companies, integrations: integrations,
            clock: clock,
            unreadiness: { [books = self.store] in
                if let refusal = store.refusal { return [refusal.problem.title] }
                do {
                    _ = try await books.books()
                    return []
                } catch let error as any Explainable {
                    return [error.problem.title]
                } catch {
                    return [Phrase(zh: "存储没有应答", en: "the store does not answer")]
                }
            },
            storeFigures: {
                let metrics = store.metrics
                return [
                    ("units_total", Int64(metrics.units)), ("failed_units_total", Int64(metrics.failedUnits)),
                    ("batches_total", Int64(metrics.batches)), ("retries_total", Int64(metrics.retries)),
                    ("waiting_units", Int64(metrics.waiting)), ("reads_total", Int64(metrics.reads)),
                    ("mean_batch_hundredths", Int64(metrics.meanBatchHundredths)),
                ]
            },
            pages: try PageFiles(
                folder: files.root.appending(path: "Web").path(),
                vendor: files.root.appending(path: "assets/vendor").path()
            ),
            schemas: ["document": schema],
            shapes: try APIShapes(try files.json("Schemas/api.schema.json")), version: Self.version
        )
    }
}
