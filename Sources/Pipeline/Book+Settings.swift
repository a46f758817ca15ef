import Access
package import Kernel
package import Ledger

extension Book {
    /// How the ledger keeps duties apart in this book at a time.
    package func dutySettings(at now: Timestamp) -> DutySettings {
        DutySettings(
            cashierSigns: settings.needsCashierSignature,
            reviewerMayPost: settings.duties.profile(on: Zone.named(zoneName).day(of: now)) == .small
        )
    }

    package func with(_ settings: Settings) -> Book {
        Book(
            id: id, kind: kind, name: name, taxID: taxID, standard: standard, taxpayer: taxpayer, words: words,
            currency: currency, zoneName: zoneName, kept: kept, settings: settings
        )
    }
}

extension Book.Settings {
    /// As it is stored, logged and shown.
    package var json: JSON {
        .object([
            ("needs_cashier_signature", .bool(needsCashierSignature)),
            ("automatic_review_authorised_by", .optional(automaticReviewAuthorisedBy)),
            ("automatic_review_ceiling", .integer(automaticReviewCeiling)),
            ("posts_automatically", .bool(postsAutomatically)), ("duties", duties.json), ("rules", rules),
        ])
    }

    /// Reads what `json` wrote; a book that says nothing of duties is strict.
    package init?(json: JSON) {
        guard let needsCashier = json["needs_cashier_signature"]?.bool,
            let ceiling = json["automatic_review_ceiling"]?.integer,
            let postsAutomatically = json["posts_automatically"]?.bool, let rules = json["rules"]
        else { return nil }
        var duties = DutyPolicy.standard
        if let stored = json["duties"] {
            guard let read = DutyPolicy(json: stored) else { return nil }
            duties = read
        }
        self.init(
            needsCashierSignature: needsCashier,
            automaticReviewAuthorisedBy: json["automatic_review_authorised_by"]?.string,
            automaticReviewCeiling: Int64(ceiling), postsAutomatically: postsAutomatically, duties: duties,
            rules: rules
        )
    }
}
