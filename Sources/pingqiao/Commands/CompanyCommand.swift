import ArgumentParser
import Kernel

/// `pingqiao company …`: the companies whose books are kept.
struct CompanyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "company", abstract: "The companies whose books are kept.",
        subcommands: [CompanyAdd.self, CompanyList.self]
    )
}

/// `pingqiao company add`: sets a company up.
struct CompanyAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Set a company up: book, periods, chart of accounts and rule book.",
        discussion: """
            Works on empty books and on others. While a server runs on the folder, use --server.
            Examples:
              pingqiao company add --data DIR --id C01 --name 云杉市砚池软件科技有限公司 --tax-id 91330199MA68B9QL7C
              pingqiao company add --server http://127.0.0.1:8080 --id C02 … --standard small --first-period 2026-01
            """
    )

    @OptionGroup var door: DoorOptions
    @OptionGroup var common: CommonOptions
    @Option(help: "Id of the book, for ever.") var id: String
    @Option(help: "Name of the company.") var name: String
    @Option(help: "Unified social credit code (统一社会信用代码).") var taxID: String
    @Option(help: "cas (企业会计准则) or small (小企业会计准则).") var standard = "cas"
    @Option(help: "一般纳税人 or 小规模纳税人.") var taxpayer = "一般纳税人"
    @Option(help: "Base currency.") var currency = "CNY"
    @Option(help: "First open period, YYYY-MM; this month without it.") var firstPeriod: String?
    @Option(help: "A shipped chart, cas or small; that of the standard without it.") var chart: String?
    @Option(help: "A shipped rule book, cas, small or none; that of the standard without it.") var ruleBook: String?
    @Flag(help: "Cash and bank vouchers need no cashier's signature.") var noCashierSignature = false

    func run() async throws {
        try await common.explaining {
            try await door.withAPI(in: common.language) { api in
                let company = try await api.ask(
                    "POST", "/api/v1/companies",
                    .object([
                        ("id", .string(id)), ("name", .string(name)), ("tax_id", .string(taxID)),
                        ("standard", .string(standard)), ("taxpayer", .string(taxpayer)),
                        ("currency", .string(currency)), ("first_period", .optional(firstPeriod)),
                        ("chart", .optional(chart)), ("rule_book", .optional(ruleBook)),
                        ("needs_cashier_signature", .bool(!noCashierSignature)),
                    ])
                )
                if common.json { Output.data(company.pretty) } else { Output.message("\(id): \(name)") }
            }
        }
    }
}

/// `pingqiao company list`
struct CompanyList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Print the companies.")

    @OptionGroup var door: DoorOptions
    @OptionGroup var common: CommonOptions

    func run() async throws {
        try await common.explaining {
            try await door.withAPI(in: common.language) { api in
                let companies = try await api.ask("GET", "/api/v1/companies")
                if common.json { return Output.data(companies.pretty) }
                for company in companies["items"]?.array ?? [] {
                    Output.data("\(company["id"]?.string ?? "")\t\(company["name"]?.string ?? "")")
                }
            }
        }
    }
}

/// `pingqiao period …`: opening and closing, by a person with the right to.
struct PeriodCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "period", abstract: "Open and close periods at a running server.",
        subcommands: [PeriodOpen.self, PeriodClose.self]
    )
}

/// `pingqiao period open`
struct PeriodOpen: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "open", abstract: "Open the next period.")

    @OptionGroup var door: DoorOptions
    @OptionGroup var common: CommonOptions
    @Option(help: "Book.") var book: String
    @Argument(help: "YYYY-MM") var period: String

    func run() async throws { try await common.post(period: period, "open", of: book, at: door) }
}

/// `pingqiao period close`
struct PeriodClose: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "close", abstract: "Close the first open period; it takes no more vouchers."
    )

    @OptionGroup var door: DoorOptions
    @OptionGroup var common: CommonOptions
    @Option(help: "Book.") var book: String
    @Argument(help: "YYYY-MM") var period: String

    func run() async throws { try await common.post(period: period, "close", of: book, at: door) }
}

extension CommonOptions {
    fileprivate func post(period: String, _ act: String, of book: String, at door: DoorOptions) async throws {
        // A period is a person's decision; the machine itself has no part in it.
        guard door.server != nil else {
            throw ValidationError(
                "--server is missing: a period is opened and closed by a person, with a token of theirs")
        }
        try await post("/api/v1/periods/\(API.part(period))/\(act)?book=\(API.part(book))", at: door)
    }
}
