package import Kernel

/// How a company keeps duties apart, and what it allows itself beside the rule (不相容职务设置).
package struct DutyPolicy: Hashable, Sendable {
    /// Strict, and the publisher of a rule book stays away from all of its first vouchers.
    package static let standard = DutyPolicy()
    /// The longest an exception may last before somebody has to decide again.
    package static let longestExceptionDays = 366

    /// What makes the company a small one; strict without it.
    package let exception: Exception?
    /// Up to this amount, in minor units, a publisher may approve what the new version makes (SOD-06).
    package let publisherCeiling: Int64

    /// That the reviewer may post, as somebody allowed it for a while (SOD-02).
    package struct Exception: Hashable, Sendable {
        package let reason: String
        package let allowedBy: Person.ID
        /// The last day.
        package let until: Day

        package init(reason: String, allowedBy: Person.ID, until: Day) {
            self.reason = reason
            self.allowedBy = allowedBy
            self.until = until
        }
    }

    package init(exception: Exception? = nil, publisherCeiling: Int64 = 0) {
        self.exception = exception
        self.publisherCeiling = publisherCeiling
    }

    /// The profile that counts on a day: an exception that has run out is none.
    package func profile(on day: Day) -> DutyRule.Profile {
        guard let exception, day <= exception.until else { return .strict }
        return .small
    }
}

extension DutyPolicy {
    package var json: JSON {
        .object([
            ("profile", .string((exception == nil ? DutyRule.Profile.strict : .small).rawValue)),
            ("reason", .optional(exception?.reason)), ("allowed_by", .optional(exception?.allowedBy.text)),
            ("until", .optional(exception?.until.text)), ("publisher_ceiling", .integer(publisherCeiling)),
        ])
    }

    /// Reads what `json` wrote.
    package init?(json: JSON) {
        guard let ceiling = json["publisher_ceiling"]?.integer else { return nil }
        var exception: Exception?
        if json["profile"]?.string == DutyRule.Profile.small.rawValue {
            guard let reason = json["reason"]?.string, let allowedBy = json["allowed_by"]?.string,
                let until = json["until"]?.string.flatMap({ Day($0) })
            else { return nil }
            exception = Exception(reason: reason, allowedBy: Person.ID(allowedBy), until: until)
        }
        self.init(exception: exception, publisherCeiling: Int64(ceiling))
    }
}
