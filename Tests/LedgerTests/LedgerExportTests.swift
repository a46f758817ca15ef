import Foundation
import Kernel
import Ledger
import Testing

@Suite("LedgerExport")
struct LedgerExportTests {
    @Test("is read by the programs it is for, with our balances", arguments: LedgerExport.Format.allCases)
    func agrees(format: LedgerExport.Format) throws {
        let book = try ExportedBook(seed: 42)
        let tool = OutsideProgram(format)
        guard let checker = tool.checker, let reporter = tool.reporter else {
            print("[ledger] \(format.rawValue) is not installed: skipped 1 book of \(book.vouchers.count) vouchers")
            return
        }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pingqiao-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("book.\(format.rawValue)")
        try book.export.text(format).write(to: file, atomically: true, encoding: .utf8)

        let check = try tool.run(checker, tool.checkArguments(file.path))
        #expect(check.status == 0 && check.errors.isEmpty, "\(check.errors.prefix(2000))\(check.output.prefix(500))")

        let base = try tool.balances(tool.run(reporter, tool.baseArguments(file.path)).output)
        let own = try tool.balances(tool.run(reporter, tool.ownArguments(file.path)).output)
        var compared = 0
        for account in book.accounts {
            let name = try #require(book.export.name(of: account, in: format))
            let closing = book.baseClosing[account] ?? .zero(.cny)
            #expect(base[name]?["CNY"] ?? "0.00" == closing.text, "\(name)")
            compared += 1
            for currency in book.foreign {
                let closing = book.originalClosing[account]?[currency] ?? .zero(currency)
                let found = own[name]?[currency.code] ?? Money.zero(currency).text
                #expect(found == closing.text, "\(name) \(currency.code)")
                compared += 1
            }
        }
        #expect(Set(base.keys).isSubset(of: Set(book.accounts.compactMap { book.export.name(of: $0, in: format) })))
        print(
            "[ledger] \(format.rawValue): \(book.vouchers.count) vouchers, \(book.lines) lines, "
                + "\(book.accounts.count) accounts, \(compared) balances compared"
        )
    }

    @Test("is the same text for the same book", arguments: LedgerExport.Format.allCases)
    func stable(format: LedgerExport.Format) throws {
        #expect(try ExportedBook(seed: 5).export.text(format) == ExportedBook(seed: 5).export.text(format))
    }

    @Test("has a form that stays")
    func golden() throws {
        let voucher = try TestBook.claim()
        let number = try #require(VoucherNumber(period: voucher.period, word: .general, number: 12))
        let export = try LedgerExport(
            title: "云杉", base: .cny, chart: TestBook.chart(), openingDay: try #require(Day("2026-01-01")),
            openings: [:], vouchers: [PostedVoucher(voucher, number: number)]
        )
        #expect(
            export.text(.hledger).contains(
                """
                2026-11-20 * (记-12) 报销差旅费
                    ; attachments: 1
                    ; case: OA-2026-0001
                    费用:6602-管理费用:660207-差旅费  553.00 CNY
                    ; 人员: E001
                    ; 部门: D10
                    负债:2241-其他应付款:224101-应付员工报销款  -553.00 CNY
                    ; 人员: E001
                """
            ),
            "\(export.text(.hledger))"
        )
        #expect(
            export.text(.beancount).contains(
                """
                2026-11-20 * "报销差旅费"
                  number: "记-12"
                  attachments: 1
                  case: "OA-2026-0001"
                  Expenses:C6602-管理费用:C660207-差旅费  553.00 CNY
                    dimensions: "人员=E001;部门=D10"
                """
            ),
            "\(export.text(.beancount))"
        )
    }

    @Test("refuses openings that do not balance, and accounts outside the chart")
    func refuses() throws {
        let chart = try TestBook.chart()
        let day = try #require(Day("2026-01-01"))
        let cash = BalanceKey(account: "1001", currency: .cny)
        #expect(throws: BalanceError.self) {
            try LedgerExport(
                title: "", base: .cny, chart: chart, openingDay: day, openings: [cash: Balance(base: 1)], vouchers: []
            )
        }
        let number = try #require(VoucherNumber(period: day.period, word: .general, number: 1))
        let stray = try TestBook.voucher(lines: [TestBook.line(.debit, "9999", 1), TestBook.line(.credit, "1001", 1)])
        #expect(throws: BalanceError.unknownAccount("9999")) {
            try LedgerExport(
                title: "", base: .cny, chart: chart, openingDay: day, openings: [:],
                vouchers: [PostedVoucher(stray, number: number)]
            )
        }
    }
}

/// About two hundred vouchers with openings, and what we say every account closes with.
private struct ExportedBook {
    let export: LedgerExport
    let vouchers: [PostedVoucher]
    let accounts: [AccountCode]
    let foreign: [Currency]
    let baseClosing: [AccountCode: Money]
    let originalClosing: [AccountCode: [Currency: Money]]

    var lines: Int { vouchers.reduce(0) { $0 + $1.voucher.lines.count } }

    init(seed: UInt64) throws {
        let chart = try TestBook.chart()
        var maker = VoucherMaker(chart: chart, seed: seed)
        let vouchers = try maker.book(vouchers: 190)
        // A foreign balance, one whose base fell to the other side, and one that has no original left.
        var closing: [BalanceKey: Balance] = [
            BalanceKey(account: "1002", dimensions: ["银行账户": "B01"], currency: .cny): Balance(base: 1_000_000_00),
            BalanceKey(account: "1002", dimensions: ["银行账户": "B02"], currency: .usd):
                Balance(base: 71_000_00, original: 10_000_00),
            BalanceKey(account: "1122", dimensions: ["客户": "K1"], currency: .usd): Balance(base: -5_00, original: 1_00),
            BalanceKey(account: "122199", currency: .jpy): Balance(base: 5_00),
            BalanceKey(account: "4001", currency: .cny): Balance(base: -1_071_000_00),
        ]
        export = try LedgerExport(
            title: "云杉市砚池软件 \"账套\"", base: .cny, chart: chart,
            openingDay: Day(year: 2026, month: 1, day: 1) ?? Day(number: 0),
            openings: closing, vouchers: vouchers
        )
        for movements in try vouchers.map(\.voucher).movements().values {
            for (key, movement) in movements { closing[key] = try (closing[key] ?? .zero).adding(movement) }
        }
        var base: [AccountCode: Money] = [:]
        var original: [AccountCode: [Currency: Money]] = [:]
        for (key, balance) in closing {
            base[key.account, default: .zero(.cny)] += Money(minorUnits: balance.base, .cny)
            if key.currency != .cny {
                original[key.account, default: [:]][key.currency, default: .zero(key.currency)] += Money(
                    minorUnits: balance.original, key.currency
                )
            }
        }
        self.vouchers = vouchers
        accounts = Set(closing.keys.map(\.account)).sorted()
        foreign = Set(closing.keys.map(\.currency)).subtracting([.cny]).sorted { $0.code < $1.code }
        baseClosing = base
        originalClosing = original
    }
}

/// A plain-text accounting program of this machine, and how it is asked.
private struct OutsideProgram {
    let format: LedgerExport.Format

    init(_ format: LedgerExport.Format) {
        self.format = format
    }

    var checker: String? { path(format == .beancount ? "bean-check" : format.rawValue) }
    var reporter: String? { path(format == .beancount ? "bean-query" : format.rawValue) }

    func checkArguments(_ file: String) -> [String] {
        switch format {
        case .hledger: ["-f", file, "check", "--strict"]
        case .ledger: ["-f", file, "--strict", "--pedantic", "--args-only", "stats"]
        case .beancount: [file]
        }
    }

    /// The balances at cost, which are those in base currency.
    func baseArguments(_ file: String) -> [String] {
        switch format {
        case .hledger: ["-f", file, "bal", "-B", "--flat", "-N", "-E", "-O", "csv"]
        case .ledger: ["-f", file, "--args-only", "bal", "-B", "--flat", "--no-total", "--empty", "--format", line]
        case .beancount: ["-f", "csv", file, "select account, str(sum(number(weight))) as s group by account"]
        }
    }

    func ownArguments(_ file: String) -> [String] {
        switch format {
        case .beancount: ["-f", "csv", file, "select account, sum(position) as s group by account"]
        default: baseArguments(file).filter { $0 != "-B" }
        }
    }

    private var line: String { "%(account)\\t%(scrub(display_total))\\n" }

    /// By account and currency; amounts stand behind a comma, a tab, or on lines of their own.
    func balances(_ output: String) throws -> [String: [String: String]] {
        var balances: [String: [String: String]] = [:]
        var account = ""
        for row in output.split(whereSeparator: \.isNewline) {
            var row = row.filter { $0 != "\"" && $0 != "\r" }
            if let separator = row.firstIndex(where: { $0 == (format == .ledger ? "\t" : ",") }) {
                account = row[..<separator].trimmingCharacters(in: .whitespaces)
                row = String(row[row.index(after: separator)...])
            }
            for amount in row.split(separator: ",") {
                let parts = amount.split(whereSeparator: { " ()'".contains($0) }).map(String.init).filter {
                    $0 != "Decimal"
                }
                if parts.count == 2 {
                    balances[account, default: [:]][parts[1]] = parts[0]
                } else if parts.count == 1, let number = Decimal(string: parts[0]) {
                    balances[account, default: [:]]["CNY"] = Self.rounded(number)
                }
            }
        }
        return balances
    }

    /// beancount keeps a total price as a price of one unit, a quotient with 28 digits that it shows cut off.
    private static func rounded(_ number: Decimal) -> String {
        var number = number
        var result = Decimal()
        NSDecimalRound(&result, &number, 2, .plain)
        let cents = NSDecimalNumber(decimal: result * 100).int64Value
        return Money(minorUnits: cents, .cny).text
    }

    func run(_ program: String, _ arguments: [String]) throws -> (status: Int32, output: String, errors: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = ["LC_ALL": "C.UTF-8", "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent"]
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pingqiao-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        // Files, because a full pipe would block a program whose other pipe is being read.
        let files = ["out", "err"].map { folder.appendingPathComponent($0) }
        for file in files { try Data().write(to: file) }
        process.standardOutput = try FileHandle(forWritingTo: files[0])
        process.standardError = try FileHandle(forWritingTo: files[1])
        try process.run()
        process.waitUntilExit()
        return (
            process.terminationStatus, try String(contentsOf: files[0], encoding: .utf8),
            try String(contentsOf: files[1], encoding: .utf8)
        )
    }

    private func path(_ program: String) -> String? {
        ["/usr/local/bin", "/usr/bin", "/bin", "/opt/homebrew/bin"].map { "\($0)/\(program)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
