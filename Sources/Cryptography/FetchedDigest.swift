import COpenSSL

/// Hash functions looked up once; by name OpenSSL 3 searches its providers at every call.
enum FetchedDigest {
    /// Never freed and never changed, so every thread may use it.
    nonisolated(unsafe) static let sha256 = EVP_MD_fetch(nil, "SHA256", nil)
}
