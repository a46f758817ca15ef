import Foundation
package import Kernel

extension Zone {
    /// The zone of an IANA name, by the system's rules; an unknown name reads as Shanghai, which books default to.
    package static func named(_ name: String) -> Zone {
        if name == Zone.shanghai.name { return .shanghai }
        guard let system = TimeZone(identifier: name) else { return .shanghai }
        return Zone(name: name) { instant in
            system.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(instant.microseconds / 1_000_000)))
        }
    }
}
