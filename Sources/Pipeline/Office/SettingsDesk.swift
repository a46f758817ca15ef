package import Access
package import Kernel

/// What a finance lead decides about a book: how duties are kept apart, what is reviewed and posted by itself (账套设置).
package struct SettingsDesk: Sendable {
    private let store: any BookStore
    private let leads: FinanceLeads
    private let clock: @Sendable () -> Timestamp

    package init(store: any BookStore, clock: @escaping @Sendable () -> Timestamp) {
        self.store = store
        self.clock = clock
        leads = FinanceLeads(store: store, clock: clock)
    }

    /// What is to change; `nil` leaves a setting as it is.
    package struct Change: Sendable {
        package var profile: DutyRule.Profile?
        /// Of the exception that makes a small company.
        package var reason: String?
        package var until: Day?
        /// An amount in the currency of the book, such as `5000.00`.
        package var publisherCeiling: String?
        package var needsCashierSignature: Bool?
        package var postsAutomatically: Bool?
        /// The finance lead who authorises automatic review; an empty text switches it off.
        package var automaticReviewAuthorisedBy: String?
        package var automaticReviewCeiling: String?

        package init() {}
    }

    /// Changes the settings of a book; the log keeps them before and after.
    package func change(
        _ change: Change, in book: Book.ID, by visitor: Visitor
    ) async throws -> Book.Settings {
        try visitor.require(.settingsEdit, in: book)
        let now = clock()
        let leads = try await leads.leads(of: book)
        return try await store.commit(
            book, key: unitKey("settings", book.text), actor: visitor.person.id.text, at: now
        ) { unit in
            let current = try unit.settings()
            let today = Zone.named(current.zoneName).day(of: now)
            let new = try change.applied(to: current, by: visitor.person.id, leads: leads, today: today)
            guard new != current.settings else { return new }
            try unit.setBook(current.with(new))
            try unit.note(
                kind: "book.settings_changed", subject: "book:" + book.text,
                body: ["before": current.settings.json, "after": new.json], personal: []
            )
            return new
        }
    }
}

extension SettingsDesk.Change {
    fileprivate func applied(
        to book: Book, by person: Person.ID, leads: Set<String>, today: Day
    ) throws(SettingsError) -> Book.Settings {
        let old = book.settings
        let named = automaticReviewAuthorisedBy ?? old.automaticReviewAuthorisedBy ?? ""
        if automaticReviewAuthorisedBy != nil, !named.isEmpty, !leads.contains(named) {
            throw .noLead(named)
        }
        let ceiling = try Self.amount(automaticReviewCeiling, in: book.currency) ?? old.automaticReviewCeiling
        let publisherCeiling = try Self.amount(publisherCeiling, in: book.currency) ?? old.duties.publisherCeiling
        return Book.Settings(
            needsCashierSignature: needsCashierSignature ?? old.needsCashierSignature,
            automaticReviewAuthorisedBy: named.isEmpty ? nil : named, automaticReviewCeiling: ceiling,
            postsAutomatically: postsAutomatically ?? old.postsAutomatically,
            duties: DutyPolicy(
                exception: try exception(old.duties.exception, by: person, today: today),
                publisherCeiling: publisherCeiling
            ), rules: old.rules
        )
    }

    private static func amount(_ text: String?, in currency: Currency) throws(SettingsError) -> Int64? {
        guard let text else { return nil }
        guard let amount = try? Money(parsing: text, currency), !amount.isNegative else { throw .amountInvalid(text) }
        return amount.minorUnits
    }

    private func exception(
        _ old: DutyPolicy.Exception?, by person: Person.ID, today: Day
    ) throws(SettingsError) -> DutyPolicy.Exception? {
        switch profile {
        case nil where reason == nil && until == nil: return old
        case nil: throw .profileMissing
        case .strict?: return nil
        case .small?: break
        }
        let text = (reason ?? "").split(separator: " ").joined(separator: " ")
        guard !text.isEmpty, text.utf8.count <= 500, let until else { throw .exceptionIncomplete }
        if let old, old.reason == text, old.until == until { return old }
        guard today <= until, until <= today.adding(days: DutyPolicy.longestExceptionDays) else {
            throw .exceptionEnd(until, today: today)
        }
        return DutyPolicy.Exception(reason: text, allowedBy: person, until: until)
    }
}

/// Why the settings of a book stay as they are.
package enum SettingsError: Error, Hashable {
    case noLead(String)
    case amountInvalid(String)
    case profileMissing
    case exceptionIncomplete
    case exceptionEnd(Day, today: Day)
}

extension SettingsError: Explainable {
    package var problem: Problem {
        switch self {
        case .noLead(let name):
            Problem(
                code: "settings.no_lead",
                title: Phrase(zh: "授权人不是财务主管。", en: "The authoriser is no finance lead."),
                location: Phrase(zh: "自动审核授权人「\(name)」", en: "authoriser “\(name)” of automatic review"),
                cause: Phrase(
                    zh: "在职且在本账套任财务主管的人中没有 \(name)。", en: "\(name) is not an active finance lead of this book."
                ),
                remedy: Phrase(zh: "请填写财务主管的用户编号。", en: "Name a finance lead by the person's id.")
            )
        case .amountInvalid(let text):
            Problem(
                code: "settings.amount_invalid",
                title: Phrase(zh: "金额上限不可用。", en: "This cannot be a ceiling."),
                location: Phrase(zh: "金额上限「\(text.prefix(40))」", en: "ceiling “\(text.prefix(40))”"),
                cause: Phrase(
                    zh: "应为不小于零的金额，小数位不超过本位币，如 5000.00。",
                    en: "It is an amount of the base currency, zero or above, such as 5000.00."
                ),
                remedy: Phrase(zh: "请改正金额。", en: "Correct the amount.")
            )
        case .profileMissing:
            Problem(
                code: "settings.profile_missing",
                title: Phrase(zh: "没有写明职务分离方式。", en: "The way duties are kept apart is missing."),
                location: Phrase(zh: "profile", en: "profile"),
                cause: Phrase(
                    zh: "理由和截止日只用于 small（小企业例外）。", en: "A reason and an end belong to the profile small."
                ),
                remedy: Phrase(zh: "请同时填写 profile。", en: "Name the profile as well.")
            )
        case .exceptionIncomplete:
            Problem(
                code: "settings.exception_incomplete",
                title: Phrase(zh: "例外缺少理由或截止日。", en: "The exception lacks its reason or its end."),
                location: Phrase(zh: "职务分离例外（SOD-02）", en: "exception from the separation of duties (SOD-02)"),
                cause: Phrase(
                    zh: "审核人兼任记账须写明理由（500 字节以内）和截止日。",
                    en: "That reviewers post needs a reason of at most 500 bytes and an end."
                ),
                remedy: Phrase(zh: "请补齐 reason 和 until。", en: "Give reason and until.")
            )
        case .exceptionEnd(let until, let today):
            Problem(
                code: "settings.exception_end",
                title: Phrase(zh: "例外的截止日不在范围内。", en: "The exception ends too early or too late."),
                location: Phrase(zh: "截止日 \(until)", en: "end \(until)"),
                cause: Phrase(
                    zh: "今天是 \(today)，最长 \(DutyPolicy.longestExceptionDays) 天。",
                    en: "Today is \(today), and it lasts \(DutyPolicy.longestExceptionDays) days at most."
                ),
                remedy: Phrase(zh: "请选择范围内的日期，到期前再作决定。", en: "Choose a day within it and decide again before it ends.")
            )
        }
    }
}
