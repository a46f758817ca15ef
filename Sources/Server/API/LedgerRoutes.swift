import Access
import Hummingbird
import Kernel
import Ledger
import Pipeline

/// Balances, account pages and exports of the posted books.
struct LedgerRoutes {
    let rooms: ServerRooms

    func balances(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let period = try requirePeriod(request)
        return .json(try await rooms.store.read(book) { try TrialBalanceReport(period, in: $0).json })
    }

    func account(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let code = try request.account(context)
        let period = try requirePeriod(request)
        return .json(try await rooms.store.read(book) { try AccountReport(code, period, in: $0).json })
    }

    func export(_ request: Request, _ context: DoorContext, _ book: Book.ID) async throws -> Response {
        let word = request.query("format") ?? LedgerExport.Format.hledger.rawValue
        guard let format = LedgerExport.Format(rawValue: word) else {
            let names = LedgerExport.Format.allCases.map(\.rawValue).joined(separator: ", ")
            throw DoorError.badParameter("format", expected: names, found: word)
        }
        let period = try request.period()
        let text = try await rooms.store.read(book) { try LedgerExportReport(format, period, in: $0).text }
        var response = Response.text(text)
        let name = [book.text, period?.text ?? "all"].joined(separator: "-") + "." + format.rawValue
        response.headers[.contentDisposition] = "attachment; filename*=UTF-8''" + name.addingPercentEncodingForQuery
        return response
    }

    private func requirePeriod(_ request: Request) throws(DoorError) -> Period {
        guard let period = try request.period() else {
            throw .badParameter("period", expected: "YYYY-MM", found: "")
        }
        return period
    }
}
