// The checks behind the validator table, grouped in one .cpp per family. Private to libscan/secrets.
#pragma once

#include <string_view>

#include "libscan/secrets/validators.hpp"

namespace launchgate::secrets::check {

// checksum.cpp: tokens that carry a checksum of themselves
Validation github_crc32(std::string_view secret, std::string_view match);
Validation grafana_crc32(std::string_view secret, std::string_view match);
Validation age_bech32(std::string_view secret, std::string_view match);

// token.cpp: tokens whose parts decode to something
Validation aws_access_key_id(std::string_view secret, std::string_view match);
Validation pypi_macaroon(std::string_view secret, std::string_view match);
Validation discord_bot(std::string_view secret, std::string_view match);
Validation telegram_bot(std::string_view secret, std::string_view match);
Validation random_token(std::string_view secret, std::string_view match);
Validation binary_key(std::string_view secret, std::string_view match);
Validation ntlm_response(std::string_view secret, std::string_view match);
Validation app_key(std::string_view secret, std::string_view match);
Validation key_material(std::string_view secret, std::string_view match);
Validation webhook_secret(std::string_view secret, std::string_view match);
Validation trigger_url(std::string_view secret, std::string_view match);

// jwt.cpp
Validation jwt(std::string_view secret, std::string_view match);
Validation supabase_service_role(std::string_view secret, std::string_view match);

// pem.cpp
Validation pem_body(std::string_view secret, std::string_view match);
Validation pem_encrypted(std::string_view secret, std::string_view match);
Validation der_private_key(std::string_view secret, std::string_view match);
Validation base64_url(std::string_view secret, std::string_view match);
Validation docker_config(std::string_view secret, std::string_view match);
Validation pem_base64(std::string_view secret, std::string_view match);

// credentials.cpp: user and password pairs
Validation basic_auth(std::string_view secret, std::string_view match);
Validation url_credentials(std::string_view secret, std::string_view match);
Validation encoded_secret(std::string_view secret, std::string_view match);
Validation weak_password(std::string_view secret, std::string_view match);

}  // namespace launchgate::secrets::check
