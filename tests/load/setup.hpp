#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "chat/model.hpp"
#include "http_client.hpp"
#include "store/store.hpp"

namespace parley::load {

struct Person {
    chat::Id user_id = 0;
    std::string name = {};
    std::string email = {};
    std::string token = {};
};

/// Makes what a scenario needs before it begins.
class Setup {
public:
    virtual ~Setup() = default;
    [[nodiscard]] virtual std::vector<Person> add_people(std::size_t count) = 0;
    virtual chat::Id open_direct(const Person& person, const Person& other) = 0;
    virtual chat::Id open_group(const std::vector<Person>& people) = 0;
};

/// In a database that no server has open: quick, for passwords are not hashed.
[[nodiscard]] std::unique_ptr<Setup> setup_in(store::Store& store);

/// Through the API of a running server; takes its time, and needs its limits out of the way.
[[nodiscard]] std::unique_ptr<Setup> setup_over(HttpClient& client);

}  // namespace parley::load
